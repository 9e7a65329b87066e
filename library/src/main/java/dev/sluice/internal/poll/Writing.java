// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;

/** Writing: all of it, or an exception that says how much went out. */
public final class Writing {
    private Writing() {}

    /** Writes the whole buffer, waiting as often as it takes. */
    public static void write(OpenDescriptor descriptor, MemorySegment buffer) throws IOException {
        Side side = descriptor.writeSide();
        side.begin();
        try {
            Peers.connect(side);
            writeAll(side, buffer);
        } finally {
            side.end();
        }
    }

    /** The same for the holder of the side. */
    public static void writeAll(Side side, MemorySegment buffer) throws IOException {
        long done = 0;
        try {
            while (done < buffer.byteSize()) {
                side.prepare();
                long count = Attempts.write(side, buffer.asSlice(done));
                if (count >= 0) {
                    done += count;
                } else if (count == -Errno.EAGAIN) {
                    side.await();
                } else {
                    throw Failures.of("write", side.owner().name(), (int) -count, note(done));
                }
            }
        } catch (InterruptedIOException cut) {
            cut.bytesTransferred = (int) Math.min(done, Integer.MAX_VALUE);
            throw cut;
        }
    }

    private static String note(long done) {
        return done == 0 ? "" : "after " + done + (done == 1 ? " byte" : " bytes");
    }
}
