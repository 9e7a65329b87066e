// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * Work under way on another thread. It must be over within {@value #PATIENCE_SECONDS} seconds.
 *
 * @param <T> what comes of it
 */
public final class Running<T> {
    /** Long enough for a machine that does much else besides. */
    private static final int PATIENCE_SECONDS = 20;

    private static final long STAYS_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    private static final String WAITS_IN_POLL = "dev.sluice.internal.poll.PlatformWait";

    private final FutureTask<T> task;
    private final Thread thread;
    private volatile String kernelThread = "";

    Running(OnThread kind, Callable<T> work) {
        this.task = new FutureTask<>(() -> {
            if (kind == OnThread.PLATFORM) {
                kernelThread = Files.readSymbolicLink(Path.of("/proc/thread-self")).toString();
            }
            return work.call();
        });
        Thread.Builder builder = kind == OnThread.VIRTUAL
                ? Thread.ofVirtual()
                : Thread.ofPlatform().daemon();
        this.thread = builder.name("test-" + kind).start(task);
    }

    /**
     * Tells which thread does the work.
     *
     * @return the thread
     */
    public Thread thread() {
        return thread;
    }

    /**
     * Tells whether the work is over, well or not.
     *
     * @return whether it is over
     */
    public boolean isDone() {
        return task.isDone();
    }

    /** Interrupts the thread. */
    public void interrupt() {
        thread.interrupt();
    }

    /**
     * Waits for the outcome.
     *
     * @return what came of it
     * @throws Exception what the work threw
     */
    public T get() throws Exception {
        try {
            return outcome();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception exception) {
                throw exception;
            }
            throw failed;
        }
    }

    /**
     * Waits for the failure.
     *
     * @return what the work threw
     */
    public Throwable failure() {
        try {
            T result = outcome();
            throw new AssertionError("should have failed, and returned " + result);
        } catch (ExecutionException failed) {
            return Objects.requireNonNull(failed.getCause());
        }
    }

    private T outcome() throws ExecutionException {
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            AssertionError error = new AssertionError(thread + " is not done after " + PATIENCE_SECONDS + " s");
            error.setStackTrace(thread.getStackTrace());
            thread.interrupt();
            throw error;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    /**
     * Waits until the thread itself waits: parked, or blocked in poll(2).
     *
     * @return this
     */
    public Running<T> awaitWaiting() {
        Awaitility.await(thread + " waits")
                .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> isWaiting() || task.isDone());
        if (task.isDone()) {
            throw new AssertionError("is done, and should wait: " + task);
        }
        return this;
    }

    /**
     * Tells whether the thread waits at this moment.
     *
     * @return whether it is parked, or blocked in poll(2)
     */
    public boolean isWaiting() {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            case RUNNABLE -> !thread.isVirtual() && isInPoll();
            case NEW, BLOCKED, TERMINATED -> false;
        };
    }

    /**
     * Tells whether work that waits goes on waiting, when it should not have been released.
     *
     * @param work the work
     * @return whether it still waits some 30 ms later
     */
    public static boolean staysWaiting(Running<?> work) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < STAYS_NANOS) {
            if (work.isDone()) {
                return false;
            }
            LockSupport.parkNanos(STAYS_NANOS / 10);
        }
        return !work.isDone();
    }

    // To the JVM a thread in a system call is runnable.
    private boolean isInPoll() {
        return Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(WAITS_IN_POLL)
                                && frame.getMethodName().equals("await"))
                && sleepsInKernel();
    }

    private boolean sleepsInKernel() {
        try {
            String stat = Files.readString(Path.of("/proc/" + kernelThread + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'S';
        } catch (IOException gone) {
            return false;
        }
    }
}
