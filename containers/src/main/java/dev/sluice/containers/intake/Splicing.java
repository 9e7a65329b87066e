// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.Copy;
import dev.sluice.CopyResult;
import dev.sluice.Descriptor;
import dev.sluice.containers.log.RawFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.FileSystemException;
import java.time.Duration;

/**
 * Moves a large flow into a raw log in the kernel. Splice(2) takes from the pipe what it has written to the file, in
 * one call, so a process that is killed neither loses nor doubles a byte, without a journal.
 *
 * <p>It pays where much comes at a time: the flow is large when a look finds the pipe half full, and is not any more
 * when a turn of {@value #TURN_MILLIS} ms has moved less than {@value #LITTLE} bytes.
 */
final class Splicing {
    private static final long TURN_MILLIS = 100;

    /** 40 MB/s. */
    private static final long LITTLE = 4_000_000;

    /** Then it is counted, and looked whether somebody has attached. */
    private static final long LONGEST = 16 << 20;

    private final Descriptor source;
    private final RawFile file;
    private final Counters counters;
    private boolean isRefused;

    Splicing(Descriptor source, RawFile file, Counters counters) {
        this.source = source;
        this.file = file;
        this.counters = counters;
    }

    /** {@return whether to splice on, when so many bytes were seen in a pipe of that capacity} */
    boolean pays(int seen, int capacity) {
        return !isRefused && seen >= capacity / 2;
    }

    /** How a turn has ended. */
    enum End {
        /** Much has come, and there may be more. */
        MUCH,
        /** Little came, or the file takes nothing: go on by looks, which drop what cannot be kept. */
        LITTLE,
        END_OF_SOURCE
    }

    /**
     * Moves what comes, for a while.
     *
     * @throws InterruptedIOException if the thread is interrupted
     * @throws IOException if the source is closed
     */
    End turn() throws IOException {
        Descriptor destination;
        try {
            destination = file.descriptor();
        } catch (IOException noFile) {
            return End.LITTLE;
        }
        Copy copy = Copy.from(source)
                .to(destination)
                .spliceOnly()
                .keepPipeCapacity()
                .limit(Math.min(LONGEST, file.room()))
                .deadline(Duration.ofMillis(TURN_MILLIS));
        CopyResult.End end;
        try {
            end = SpliceThreads.run(copy);
        } catch (UnsupportedOperationException notAPipe) {
            isRefused = true;
            end = CopyResult.End.DESTINATION_GONE;
        } catch (FileSystemException diskFull) {
            end = CopyResult.End.DESTINATION_GONE;
        } finally {
            file.advanced(copy.transferred());
            counters.taken(0, copy.transferred());
        }
        return switch (end) {
            case END_OF_SOURCE -> End.END_OF_SOURCE;
            case LIMIT -> End.MUCH;
            case DEADLINE, IDLE_TIMEOUT -> copy.transferred() < LITTLE ? End.LITTLE : End.MUCH;
            case DESTINATION_GONE -> End.LITTLE;
            case INTERRUPTED -> throw new InterruptedIOException("stopped between two splices");
            case CLOSED -> throw new AsynchronousCloseException();
        };
    }
}
