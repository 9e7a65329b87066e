// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.PollCalls;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One open descriptor: its number, its sides, and its life.
 *
 * <p>The life is one word:
 *
 * <pre>
 *   bit 31   closed: no operation begins any more
 *   0 to 30  users: operations between {@link #enter} and {@link #leave}
 * </pre>
 *
 * <pre>
 *   open, n users       enter: n + 1        leave: n - 1        close: closed, n users, and all who wait are woken
 *   closed, n > 0       enter: refused      leave: n - 1        close: nothing
 *   closed, 0 users     the number is removed from epoll, and then closed: nobody can touch it, nor one that comes after it
 * </pre>
 */
public final class OpenDescriptor {
    private static final int CLOSED = 1 << 31;
    private static final Side[] NO_WATCHES = {};
    private static final long UNREGISTERED = -1;
    private static final long REFUSED = -2;
    private static final VarHandle LIFE;

    static {
        try {
            LIFE = MethodHandles.lookup().findVarHandle(OpenDescriptor.class, "life", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final String name;
    private final Kind kind;
    private final Mode mode;
    private final Release release;
    private final @Nullable Side read;
    private final @Nullable Side write;
    private volatile Side[] watches = NO_WATCHES;

    /** -1 as long as {@link #pending} is there. */
    private volatile int number;

    private volatile @Nullable PendingWriter pending;
    private volatile int life;
    private volatile long eventData = UNREGISTERED;
    private volatile @Nullable Boolean takenByEpoll;

    /** Whether an event or a wait has told of a hang-up or an error; a hint, checked before it is believed. */
    private volatile boolean hangupSeen;

    private volatile boolean knowsNoWait = true;
    private volatile boolean ended;
    private volatile boolean cutOff;

    /** How many bytes may still be read after the cut; -1 as long as nobody has asked. The read side's holder's. */
    private long left = -1;

    private volatile boolean destroyed;
    private volatile @Nullable CountDownLatch gone;
    private volatile int closeFailure;

    /** @param access O_RDONLY, O_WRONLY or O_RDWR */
    OpenDescriptor(int number, String name, Kind kind, Mode mode, int access, Release release) {
        this.number = number;
        this.name = name;
        this.kind = kind;
        this.mode = mode;
        this.release = release;
        this.read = access == Constants.O_WRONLY ? null : new Side(this, "read", Constants.EPOLLIN);
        this.write = access == Constants.O_RDONLY ? null : new Side(this, "write", Constants.EPOLLOUT);
    }

    /** What it was opened as: a path, or words. */
    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    Mode mode() {
        return mode;
    }

    /** Whether no call on it can block, whatever the call's own flags are. */
    public boolean isNonBlocking() {
        return mode == Mode.NONBLOCKING && !kind.isOnDisk();
    }

    /** The number; only between begin and end of one of the sides. */
    public int number() {
        return number;
    }

    public boolean isReadable() {
        return read != null;
    }

    /** @throws NonReadableChannelException if it is open for writing only */
    public Side readSide() {
        if (read == null) {
            throw new NonReadableChannelException();
        }
        return read;
    }

    /** @throws NonWritableChannelException if it is open for reading only */
    public Side writeSide() {
        if (write == null) {
            throw new NonWritableChannelException();
        }
        return write;
    }

    /** A side of one watcher's own, on which it is woken by hang-ups. To be given back by {@link #removeWatch}. */
    public synchronized Side addWatch() {
        Side watch = new Side(this, "wait for a hang-up of", Constants.EPOLLRDHUP);
        Side[] more = Arrays.copyOf(watches, watches.length + 1);
        more[watches.length] = watch;
        watches = more;
        return watch;
    }

    public synchronized void removeWatch(Side watch) {
        watches = Arrays.stream(watches).filter(other -> other != watch).toArray(Side[]::new);
        watch.state().release();
    }

    void wakeWatches() {
        for (Side watch : watches) {
            watch.latch().wake();
        }
    }

    // ---- life

    void enter() throws ClosedChannelException {
        for (;;) {
            int now = life;
            if (now < 0) {
                throw new ClosedChannelException();
            }
            if (LIFE.compareAndSet(this, now, now + 1)) {
                return;
            }
        }
    }

    void leave() {
        if ((int) LIFE.getAndAdd(this, -1) - 1 == CLOSED) {
            destroy();
        }
    }

    public boolean isClosed() {
        return life < 0;
    }

    /**
     * Closes it: wakes all who wait, and returns when the number is really closed. It does not wait for a call on a
     * disk, nor for the operation inside which the calling thread itself is: there the last user closes.
     */
    public void close() throws IOException {
        for (;;) {
            int now = life;
            if (now < 0) {
                return;
            }
            if (LIFE.compareAndSet(this, now, now | CLOSED)) {
                if (now == 0) {
                    destroy();
                } else {
                    wakeAll();
                    if (!kind.isOnDisk() && !isUsedByCurrentThread()) {
                        awaitDestroyed();
                    }
                }
                break;
            }
        }
        if (closeFailure != 0) {
            throw Failures.of("close", name, closeFailure);
        }
    }

    private boolean isUsedByCurrentThread() {
        return holds(read) || holds(write) || Arrays.stream(watches).anyMatch(Side::isHeldByCurrentThread);
    }

    private static boolean holds(@Nullable Side side) {
        return side != null && side.isHeldByCurrentThread();
    }

    private void wakeAll() {
        wake(read);
        wake(write);
        wakeWatches();
    }

    private static void wake(@Nullable Side side) {
        if (side != null) {
            side.latch().wake();
        }
    }

    // Either the last user sees the latch, or we see that it has come and gone: both fields are volatile.
    private void awaitDestroyed() {
        CountDownLatch latch = new CountDownLatch(1);
        gone = latch;
        boolean interrupted = false;
        while (!destroyed) {
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

    // Nobody uses it, and nobody will: the order is epoll first, since a closed number with a living duplicate stays in
    // epoll.
    private void destroy() {
        CallState state = CallState.acquire();
        @Nullable PendingWriter waiting = pending;
        if (waiting != null) {
            waiting.abandon(state);
        }
        int fd = number;
        if (fd >= 0) {
            long data = eventData;
            if (data >= 0) {
                Poller poller = Poller.of(fd);
                poller.deregister(state, fd);
                poller.slots().giveBack(data);
            }
            closeFailure = -Math.min(0, release.close(state, fd));
        }
        state.release();
        releaseState(read);
        releaseState(write);
        destroyed = true;
        @Nullable CountDownLatch latch = gone;
        if (latch != null) {
            latch.countDown();
        }
    }

    private static void releaseState(@Nullable Side side) {
        if (side != null) {
            side.state().release();
        }
    }

    // ---- readiness

    /**
     * Makes sure that a poller tells of its readiness: once, at the first wait of a virtual thread, and never changed
     * after.
     *
     * @return whether epoll takes it
     * @throws java.nio.file.FileSystemException ENOSPC if the user has as many registrations as the kernel allows, and
     *     the like
     */
    boolean register(CallState state) throws IOException {
        if (eventData == UNREGISTERED) {
            registerOnce(state);
        }
        return eventData >= 0;
    }

    private synchronized void registerOnce(CallState state) throws IOException {
        int fd = number;
        if (eventData != UNREGISTERED || fd < 0) {
            return;
        }
        Poller.start();
        Poller poller = Poller.of(fd);
        long data = poller.slots().take(this);
        eventData = data;
        int result = poller.register(state, fd, data);
        if (result < 0) {
            poller.slots().giveBack(data);
            eventData = result == -Errno.EPERM ? REFUSED : UNREGISTERED;
        }
        if (eventData == UNREGISTERED) {
            wakeAll(); // another side may wait already, and believe that a poller will tell it
            throw Failures.of("epoll_ctl", name, -result);
        }
    }

    long eventData() {
        return eventData;
    }

    /** Whether its readiness can be waited for at all. */
    public boolean isPollable(CallState state) {
        return switch (kind) {
            case PIPE, STREAM_SOCKET, MESSAGE_SOCKET, TERMINAL -> true;
            case FILE, DIRECTORY, BLOCK_DEVICE -> false;
            case DEVICE, OTHER -> eventData >= 0 || (eventData == UNREGISTERED && isTakenByEpoll(state));
        };
    }

    // Asked of an epoll of its own: a platform thread needs no poller, and one that runs would hold up the JVM's exit.
    private boolean isTakenByEpoll(CallState state) {
        @Nullable Boolean known = takenByEpoll;
        if (known == null) {
            known = PollCalls.isTakenByEpoll(state, number);
            takenByEpoll = known;
        }
        return known;
    }

    /** Called by a poller: an edge. HUP and ERR are for everybody, ERR alone included. */
    void ready(int bits) {
        boolean gone = (bits & (Constants.EPOLLERR | Constants.EPOLLHUP)) != 0;
        boolean halfGone = (bits & Constants.EPOLLRDHUP) != 0;
        if (gone) {
            hangupSeen = true;
        }
        if (gone || halfGone || (bits & Constants.EPOLLIN) != 0) {
            wake(read);
        }
        if (gone || (bits & Constants.EPOLLOUT) != 0) {
            wake(write);
        }
        if (gone || halfGone) {
            wakeWatches();
        }
    }

    public void noteHangup() {
        hangupSeen = true;
    }

    /** Whether it may have hung up; {@link Hangups#now} tells whether it has. */
    public boolean mayHaveHungUp() {
        return hangupSeen;
    }

    boolean knowsNoWait() {
        return knowsNoWait;
    }

    void forgetNoWait() {
        knowsNoWait = false;
    }

    /**
     * Whether a read of nothing is the end, although no hang-up shows: it was seen on the descriptor that this was made
     * from.
     */
    boolean isEnded() {
        return ended;
    }

    void markEnded() {
        ended = true;
    }

    boolean isCutOff() {
        return cutOff;
    }

    /** Makes reading end with what is buffered now, although there may still be a writer. */
    public void cutOff() {
        cutOff = true;
        wake(read);
    }

    /**
     * How many bytes may be read at once, {@code most} at most; 0 is the end. A writer that never pauses never lets the
     * pipe run empty, so what it held when first asked after the cut is all that is still read. Holds the read side.
     */
    public long readable(CallState state, long most) {
        if (!cutOff) {
            return most;
        }
        if (left < 0) {
            left = Math.max(0, FileCalls.buffered(state, number));
        }
        return Math.min(most, left);
    }

    /** To be told what was read. Holds the read side. */
    public void noteRead(long count) {
        if (left > 0 && count > 0) {
            left -= count;
        }
    }

    // ---- a FIFO's writer before there is a reader

    void setPending(PendingWriter writer) {
        pending = writer;
    }

    public boolean isPending() {
        return pending != null;
    }

    /**
     * Waits, where it is a FIFO's writer that has had no reader yet, until it has one and is open. Holds the write
     * side.
     */
    public void connect(Side side) throws IOException {
        connect(side, null, Deadline.NONE);
    }

    /**
     * The same, until {@code until} at the latest, and ended by a close of another descriptor too.
     *
     * @return whether it is open
     */
    public boolean connect(Side side, @Nullable Side other, long until) throws IOException {
        @Nullable PendingWriter waiting = pending;
        if (waiting != null) {
            int fd = waiting.await(side, other, until);
            if (fd < 0) {
                return false;
            }
            number = fd;
            pending = null;
        }
        return true;
    }

    /**
     * Waits for the same in an operation that does not write: it has the write side for each try only, so that neither
     * keeps the other waiting, and the deadline of writes does not end it.
     *
     * @param watch a side of the caller's own, held by it
     */
    void connectBeside(Side watch) throws IOException {
        if (pending == null) {
            return;
        }
        try (Pace pace = new Pace()) {
            while (pending != null) {
                watch.prepare();
                tryToConnect(writeSide());
                if (pending != null) {
                    Waiting.pause(watch, null, pace.next());
                }
            }
        }
    }

    // Whoever holds the side now tries by itself.
    private void tryToConnect(Side side) throws IOException {
        if (!side.tryBegin()) {
            return;
        }
        try {
            @Nullable PendingWriter waiting = pending;
            int fd = waiting == null ? -1 : waiting.attempt(side);
            if (fd >= 0) {
                number = fd;
                pending = null;
            }
        } finally {
            side.end();
        }
    }

    /** The errors with which the kernel says that the reading end of this one has gone. */
    public static boolean isGone(long result) {
        return result == -Errno.EPIPE || result == -Errno.ECONNRESET;
    }

    /** What closes the number at the end. */
    interface Release {
        /** @return 0, or the negative errno */
        int close(CallState state, int fd);
    }
}
