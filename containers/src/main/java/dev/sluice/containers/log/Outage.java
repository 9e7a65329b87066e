// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A time in which a log cannot be kept, the disk being full say. Told when it begins and when it is over; what was
 * dropped is counted. Guarded by the log's lock, but for the sums.
 */
final class Outage {
    private static final Logger LOG = System.getLogger(ContainerLog.class.getName());

    private final ContainerFolder folder;
    private boolean underWay;
    private long entriesBefore;
    private long bytesBefore;
    private final AtomicLong entries = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    Outage(ContainerFolder folder) {
        this.folder = folder;
    }

    void dropped(long moreEntries, long moreBytes, Exception why) {
        if (!underWay) {
            underWay = true;
            entriesBefore = entries.get();
            bytesBefore = bytes.get();
            Activity.outageBegins();
            LOG.log(Level.WARNING, "The log in " + folder + " cannot be written, and what comes is dropped: "
                    + why.getMessage());
        }
        entries.addAndGet(moreEntries);
        bytes.addAndGet(moreBytes);
        Recorder.dropped(folder.id(), moreEntries, moreBytes, String.valueOf(why.getMessage()));
    }

    /** All of a batch has been written. */
    void over() {
        if (underWay) {
            close();
            LOG.log(Level.WARNING, "The log in " + folder + " is written again; " + (entries.get() - entriesBefore)
                    + " entries with " + (bytes.get() - bytesBefore) + " bytes are missing");
        }
    }

    /** Nobody will write any more. */
    void close() {
        if (underWay) {
            underWay = false;
            Activity.outageEnds();
        }
    }

    long entries() {
        return entries.get();
    }

    long bytes() {
        return bytes.get();
    }
}
