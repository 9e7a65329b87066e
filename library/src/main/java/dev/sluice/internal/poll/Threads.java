// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Small pools of platform threads, for what may block in the kernel and cannot be polled. */
public final class Threads {
    private static final int IDLE_SECONDS = 10;

    private Threads() {}

    /**
     * So many daemon threads at most, made when they are needed and ended when idle. The queue has no bound of its own:
     * whoever hands something in waits for it.
     */
    public static ThreadPoolExecutor pool(String name, int most) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                most,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform()
                        .name(name, 0)
                        .daemon(true)
                        .inheritInheritableThreadLocals(false) // the first caller's are not to be kept
                        .factory());
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
