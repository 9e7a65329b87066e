// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Whether one side of a descriptor may have become ready, and who waits for that.
 *
 * <pre>
 *   state     clear     wake                  enlist(w)           withdraw(w)
 *   empty     empty     ready                 w; answers true     -
 *   ready     empty     ready                 ready; false        ready
 *   w         -         ready, and w woken    -                   empty
 * </pre>
 *
 * <p>Only the holder of the side's lock clears, enlists and withdraws, so there is one waiter at most. Anybody may
 * wake: a waiter takes every wake-up for a hint, and looks again.
 *
 * <p>The invariant that no edge is lost: the latch is cleared <em>before</em> the system call. An edge that comes after
 * the kernel answered EAGAIN finds it empty or with its waiter, and either way the wait ends.
 */
final class Latch {
    private static final Object READY = new Object();
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Latch.class, "state", Object.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    @SuppressWarnings("unused") // by way of STATE
    private volatile @Nullable Object state;

    void clear() {
        state = null;
    }

    void wake() {
        // One that finds it ready already has nothing to do: the side clears it before it asks the kernel again.
        if (state != READY) {
            Object waiter = STATE.getAndSet(this, READY);
            if (waiter instanceof Thread thread) {
                LockSupport.unpark(thread);
            } else if (waiter instanceof PlatformWait wait) {
                wait.wakeup();
            }
        }
    }

    boolean isReady() {
        return state == READY;
    }

    boolean hasWaiter() {
        Object now = state;
        return now != null && now != READY;
    }

    /** Puts a waiter (a virtual thread, or the wait of a platform thread) in place, unless an edge came first. */
    boolean enlist(Object waiter) {
        return STATE.compareAndSet(this, null, waiter);
    }

    void withdraw(Object waiter) {
        STATE.compareAndSet(this, waiter, null);
    }
}
