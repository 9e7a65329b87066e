// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.containers.log.Batch;
import dev.sluice.containers.log.ContainerLog;
import dev.sluice.containers.log.Entry;
import dev.sluice.containers.log.LogSource;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Puts entries into the log and takes their bytes from the source, shows them to who is attached, and counts them. */
final class Appending {
    private final ContainerLog log;
    private final LogSource source;
    private final Attachments attachments;
    private final Counters counters;
    private int entries;

    Appending(ContainerLog log, LogSource source, Attachments attachments, Counters counters) {
        this.log = log;
        this.source = source;
        this.attachments = attachments;
        this.counters = counters;
    }

    /**
     * Appends what a decoder was fed.
     *
     * @param array what it was fed with, from 0 on
     * @param last whether the rest is an entry too
     * @param held whether the bytes have been taken already
     * @throws MalformedFrameException if the decoder throws it; the entries before are in the log
     * @throws IOException if the source cannot be read, or the log is closed
     */
    void append(EntryDecoder decoder, byte[] array, boolean last, boolean held) throws IOException {
        entries = 0;
        @Nullable MalformedFrameException malformed = null;
        try (Batch batch = source.begin()) {
            long droppedEntries = log.droppedEntries();
            long droppedBytes = log.droppedBytes();
            int done = 0;
            int end = 0;
            try {
                for (Entry entry = next(decoder, last); entry != null; entry = next(decoder, last)) {
                    if (!batch.add(entry)) {
                        batch.commit(array, done, held ? done : end);
                        done = end;
                        batch.add(entry);
                    }
                    attachments.offer(entry);
                    entries++;
                    end = decoder.position();
                }
            } catch (MalformedFrameException failure) {
                malformed = failure;
            }
            batch.commit(array, done, held ? done : end);
            counters.taken(entries, end);
            counters.dropped(log.droppedEntries() - droppedEntries, log.droppedBytes() - droppedBytes);
        }
        attachments.flush();
        if (malformed != null) {
            throw malformed;
        }
    }

    private static @Nullable Entry next(EntryDecoder decoder, boolean last) throws MalformedFrameException {
        Entry entry = decoder.next();
        return entry == null && last ? decoder.rest() : entry;
    }

    /** {@return how many entries the last batch had} */
    int entries() {
        return entries;
    }
}
