// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * How long a descriptor's number may be used: one word.
 *
 * <pre>
 *   bit 31   closed: no operation begins any more
 *   0 to 30  users: operations between {@link #enter} and {@link #leave}
 * </pre>
 *
 * <pre>
 *   state              enter          leave                  close
 *   open, n users      n + 1          n - 1                  closed, n users: answers n
 *   closed, n users    refused        n - 1                  nothing: answers -1
 *   closed, 0 users    refused        -                      nothing: answers -1
 * </pre>
 *
 * <p>Whoever brings it to the last state, and nobody else, ends what the number stands for, and then calls {@link
 * #end}: nobody uses it at that time, and nobody will.
 */
final class Life {
    private static final int CLOSED = 1 << 31;
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Life.class, "word", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private volatile int word;
    private volatile boolean ended;
    private volatile @Nullable CountDownLatch end;

    /** Becomes a user. */
    void enter() throws ClosedChannelException {
        for (;;) {
            int now = word;
            if (now < 0) {
                throw new ClosedChannelException();
            }
            if (WORD.compareAndSet(this, now, now + 1)) {
                return;
            }
        }
    }

    /** @return whether this was the last user, and it is closed */
    boolean leave() {
        return (int) WORD.getAndAdd(this, -1) - 1 == CLOSED;
    }

    boolean isClosed() {
        return word < 0;
    }

    /** @return how many users there still are, or -1 if it is closed already */
    int close() {
        for (;;) {
            int now = word;
            if (now < 0) {
                return -1;
            }
            if (WORD.compareAndSet(this, now, now | CLOSED)) {
                return now;
            }
        }
    }

    void end() {
        ended = true;
        @Nullable CountDownLatch latch = end;
        if (latch != null) {
            latch.countDown();
        }
    }

    /**
     * Waits for the end; for the one that has closed it. Either that which calls {@link #end} sees the latch, or this
     * sees that it has come and gone: both fields are volatile.
     */
    void awaitEnd() {
        CountDownLatch latch = new CountDownLatch(1);
        end = latch;
        boolean interrupted = false;
        while (!ended) {
            try {
                latch.await();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
