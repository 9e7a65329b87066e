// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a descriptor: reading, writing, or watching for a hang-up.
 *
 * <p>Every operation reads the same: {@link #begin}; then {@link #prepare}, try the system call, and {@link #await} as
 * long as the kernel answers EAGAIN; {@link #end} in a finally. Between begin and end the number cannot be closed, and
 * the caller alone owns the latch and the {@link CallState}.
 */
public final class Side {
    /** How often who queues for a side looks whether another descriptor has been closed: nothing wakes it for that. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final OpenDescriptor owner;
    private final String verb;
    private final int events;
    private @Nullable CallState state;
    private final Latch latch = new Latch();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long deadline = Deadline.NONE;

    /** Whether much flows: see {@link #setBusy}. The holder's. */
    private boolean busy;

    /** While arrivals are held back: see {@link #holdBack}. The holder's. */
    private LateWaits.@Nullable Watch watch;

    Side(OpenDescriptor owner, String verb, int events) {
        this.owner = owner;
        this.verb = verb;
        this.events = events;
    }

    public OpenDescriptor owner() {
        return owner;
    }

    /** What is done on it, in a word or a few. */
    String verb() {
        return verb;
    }

    /** For the holder of this side alone. Made when it is first asked for: most watches never call the kernel. */
    public CallState state() {
        @Nullable CallState made = state;
        if (made == null) {
            made = CallState.acquire();
            state = made;
        }
        return made;
    }

    /** At the end of its life. */
    void release() {
        @Nullable CallState made = state;
        if (made != null) {
            state = null;
            made.release();
        }
    }

    Latch latch() {
        return latch;
    }

    /** The poll(2) events that this side waits for. */
    public int events() {
        return events;
    }

    /**
     * Says whether it works much between waits, so that nobody need be woken meanwhile: see {@link
     * Registration#ignoreUnawaited}. That costs two system calls a wait at most.
     */
    public void setBusy(boolean busy) {
        this.busy = busy;
    }

    /**
     * Has nobody woken for what arrives until somebody waits for it again: for one who has just found much, and will
     * come back by himself.
     */
    public void ignoreArrivals() {
        owner.ignoreUnawaited(state());
    }

    /**
     * Has waits end after some milliseconds, until {@link #letCome}: for one from which arrivals are held back
     * (SO_RCVLOWAT), so that some may be there of which epoll does not tell. See {@link LateWaits}.
     *
     * @return whether it is so from now on: not for a platform thread, nor when the master may sleep without end
     */
    public boolean holdBack() {
        LateWaits.Watch entered = new LateWaits.Watch(latch);
        boolean possible = Thread.currentThread().isVirtual() && Pollers.endLateWaits(entered);
        watch = possible ? entered : null;
        return possible;
    }

    /** Whether the last wait was ended for that. */
    public boolean wasLate() {
        return watch != null && watch.wasLate();
    }

    /** After {@link #holdBack}, when nothing is held back any more. */
    public void letCome() {
        if (watch != null) {
            LateWaits.Watch left = watch;
            watch = null;
            Pollers.leaveLateWaits(left);
        }
    }

    /** Before a virtual thread enlists, to park. */
    void beginsWait() {
        if (watch != null) {
            watch.begins();
        }
    }

    /** Before a virtual thread parks, which is enlisted. */
    void heed() {
        owner.heed(state(), events & Poller.READINESS);
    }

    /** After it, when it is enlisted no longer. */
    void ignore() {
        if (busy) {
            owner.ignoreUnawaited(state());
        }
    }

    public long deadline() {
        return deadline;
    }

    /** Sets a moment as {@link Deadline} has it, for waits under way too. */
    void setDeadline(long moment) {
        deadline = moment;
        latch.wake();
        owner.wakeWatches(); // a copy that waits for its other end
    }

    /**
     * Takes this side for an operation: waits for those before it.
     *
     * @throws java.nio.channels.ClosedChannelException if the descriptor is closed
     * @throws AsynchronousCloseException if it is closed during the wait
     * @throws SocketTimeoutException if the deadline passes, or has passed
     * @throws InterruptedIOException if the thread is interrupted during the wait; it stays interrupted
     */
    public void begin() throws IOException {
        begin(null, Deadline.NONE);
    }

    /**
     * The same, until {@code until} at the latest, and ended too when {@code other} is closed or its deadline passes.
     * So who queues for one side may hold another meanwhile: it never keeps the close of that one waiting.
     */
    public void begin(@Nullable Side other, long until) throws IOException {
        owner.enter();
        boolean taken = false;
        try {
            lock(other, until);
            taken = true;
            check();
        } catch (Throwable failure) {
            if (taken) {
                lock.unlock();
            }
            owner.leave();
            throw failure;
        }
    }

    private void lock(@Nullable Side other, long until) throws IOException {
        while (!lock.tryLock()) {
            long moment = Deadline.earlier(deadline, until);
            if (other != null) {
                moment = Deadline.earlier(moment, Deadline.after(LOOK_NANOS));
            }
            try {
                if (moment == Deadline.NONE) {
                    lock.lockInterruptibly();
                    return;
                } else if (lock.tryLock(Deadline.remaining(moment), TimeUnit.NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw interrupted();
            }
            check();
            if (other != null) {
                other.check();
            }
            if (Deadline.passed(until)) {
                throw late();
            }
        }
    }

    /** Takes this side if nobody holds it, whatever its deadline is. */
    public boolean tryBegin() throws IOException {
        owner.enter();
        boolean taken = lock.tryLock();
        if (!taken) {
            owner.leave();
        }
        return taken;
    }

    public void end() {
        busy = false;
        lock.unlock();
        owner.leave();
    }

    boolean isHeldByCurrentThread() {
        return lock.isHeldByCurrentThread();
    }

    /** To be called before each try: from here on no edge is missed. */
    public void prepare() throws IOException {
        latch.clear();
        check();
    }

    /** Waits until this side may be ready: the caller tries again. Throws as {@link #begin} does. */
    public void await() throws IOException {
        Waiting.await(this, events, Deadline.NONE);
    }

    /** Fails if the descriptor has been closed or the deadline has passed. */
    void check() throws IOException {
        if (owner.isClosed()) {
            throw new AsynchronousCloseException();
        }
        if (Deadline.passed(deadline)) {
            throw late();
        }
    }

    private SocketTimeoutException late() {
        return new SocketTimeoutException(verb + " " + owner.name() + ": the deadline has passed");
    }

    InterruptedIOException interrupted() {
        return new InterruptedIOException(verb + " " + owner.name() + ": interrupted");
    }
}
