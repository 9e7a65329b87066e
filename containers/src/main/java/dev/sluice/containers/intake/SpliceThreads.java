// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.Copy;
import dev.sluice.CopyResult;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs copies to files on platform threads. Each call of a virtual thread that may wait for a disk goes to another
 * thread and back; here that is one switch for a turn of many calls. Beyond {@value #MOST} turns at once each runs
 * where it is.
 */
final class SpliceThreads {
    private static final int MOST = 8;

    private SpliceThreads() {}

    /** Made when the first one is needed. */
    private static final class Pool {
        static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
                0,
                MOST,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("sluice-splice-", 0).factory(),
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    /** Runs a copy to its end; an interrupt ends it, as it does on this thread, and stays. */
    static CopyResult.End run(Copy copy) throws IOException {
        if (!Thread.currentThread().isVirtual()) {
            return copy.run().end();
        }
        Turn turn = new Turn(copy);
        Future<CopyResult.End> running = Pool.THREADS.submit(turn);
        boolean interrupted = false;
        try {
            for (;;) {
                try {
                    return running.get();
                } catch (InterruptedException stop) {
                    interrupted = true;
                    turn.interrupt(); // and its end is awaited: what has moved is to be counted
                }
            }
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof IOException failure) {
                throw failure;
            }
            throw cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A copy that can be interrupted, and whose interrupt reaches no other one that its thread runs. */
    private static final class Turn implements Callable<CopyResult.End> {
        private final Copy copy;
        private @Nullable Thread thread;
        private boolean interrupted;

        Turn(Copy copy) {
            this.copy = copy;
        }

        @Override
        public CopyResult.End call() throws IOException {
            begin();
            try {
                return copy.run().end();
            } finally {
                end();
            }
        }

        private synchronized void begin() {
            thread = Thread.currentThread();
            if (interrupted) {
                thread.interrupt();
            }
        }

        private synchronized void end() {
            thread = null;
            if (!Thread.currentThread().isVirtual()) { // where it runs on its caller's thread, that is to stop
                boolean ignored = Thread.interrupted();
            }
        }

        synchronized void interrupt() {
            interrupted = true;
            if (thread != null) {
                thread.interrupt();
            }
        }
    }
}
