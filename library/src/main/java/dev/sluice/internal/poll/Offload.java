// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.LongSupplier;

/**
 * Where a system call runs that may wait for a disk: on the calling thread if that is a platform thread, else on a
 * small pool of platform threads, while the virtual thread parks. The queue is bounded by the callers, each of whom
 * waits for its call.
 *
 * <p>The wait is not interruptible: the call will end, and its bytes would be lost.
 */
public final class Offload {
    private static final int THREADS = 8;

    private Offload() {}

    public static long run(LongSupplier call) {
        if (!Thread.currentThread().isVirtual()) {
            return call.getAsLong();
        }
        FutureTask<Long> task = new FutureTask<>(call::getAsLong);
        Pool.EXECUTOR.execute(task);
        boolean interrupted = false;
        try {
            for (;;) {
                try {
                    return task.get();
                } catch (InterruptedException again) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    throw new IllegalStateException(failed.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class Pool {
        static final ThreadPoolExecutor EXECUTOR = Threads.pool("sluice-disk-", THREADS);

        private Pool() {}
    }
}
