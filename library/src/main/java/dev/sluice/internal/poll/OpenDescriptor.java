// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One open descriptor: its number, its sides, and what is known of it.
 *
 * <p>Its {@link Life} counts the operations that use the number. When it has been closed and the last of them is over,
 * the number is removed from epoll, and then closed: nobody can touch it, nor one that comes after it.
 */
public final class OpenDescriptor {
    private static final Side[] NO_WATCHES = {};

    private final String name;
    private final Kind kind;
    private final Mode mode;
    private final Release release;
    private final @Nullable Side read;
    private final @Nullable Side write;
    private final Life life = new Life();
    private final Registration registration = new Registration();
    private volatile Side[] watches = NO_WATCHES;

    /** -1 as long as {@link #pending} is there. */
    private volatile int number;

    private volatile @Nullable PendingWriter pending;

    /** Whether an event or a wait has told of a hang-up or an error; a hint, checked before it is believed. */
    private volatile boolean hangupSeen;

    private volatile boolean knowsNoWait = true;
    private volatile boolean ended;
    private volatile boolean nameless;
    private volatile boolean cutOff;

    /** How many bytes may still be read after the cut; -1 as long as nobody has asked. The read side's holder's. */
    private long left = -1;

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
        life.enter();
    }

    void leave() {
        if (life.leave()) {
            destroy();
        }
    }

    public boolean isClosed() {
        return life.isClosed();
    }

    /**
     * Closes it: wakes all who wait, and returns when the number is really closed. It does not wait for a call on a
     * disk, nor for the operation inside which the calling thread itself is: there the last user closes.
     */
    public void close() throws IOException {
        int users = life.close();
        if (users < 0) {
            return;
        }
        if (users == 0) {
            destroy();
        } else {
            wakeAll();
            if (!kind.isOnDisk() && !isUsedByCurrentThread()) {
                life.awaitEnd();
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

    private void destroy() {
        CallState state = CallState.acquire();
        @Nullable PendingWriter waiting = pending;
        if (waiting != null) {
            waiting.abandon(state);
        }
        int fd = number;
        if (fd >= 0) {
            registration.cancel(state, fd);
            closeFailure = -Math.min(0, release.close(state, fd));
        }
        state.release();
        releaseState(read);
        releaseState(write);
        life.end();
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
        int fd = number;
        if (!registration.isDecided() && fd >= 0) {
            Poller.start();
            int result = registration.register(state, this, fd);
            if (result < 0) {
                wakeAll(); // another side may wait already, and believe that a poller will tell it
                throw Failures.of("epoll_ctl", name, -result);
            }
        }
        return registration.isRegistered();
    }

    long eventData() {
        return registration.eventData();
    }

    /** Whether its readiness can be waited for at all. */
    public boolean isPollable(CallState state) {
        return switch (kind) {
            case PIPE, STREAM_SOCKET, MESSAGE_SOCKET, TERMINAL -> true;
            case FILE, DIRECTORY, BLOCK_DEVICE -> false;
            case DEVICE, OTHER -> registration.isPossible(state, number);
        };
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

    /** Whether somebody may open the other end again after it has gone: nobody can open what has no name. */
    boolean mayHavePeerAgain() {
        return (kind == Kind.PIPE || kind == Kind.TERMINAL) && !nameless;
    }

    void markNameless() {
        nameless = true;
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
        return waiting == null || opened(waiting.await(side, other, until));
    }

    /**
     * Tries once, unless somebody holds the write side: whoever does tries by itself. So it can be asked beside writes.
     */
    void tryToConnect() throws IOException {
        Side side = writeSide();
        if (!side.tryBegin()) {
            return;
        }
        try {
            @Nullable PendingWriter waiting = pending;
            if (waiting != null) {
                opened(waiting.attempt(side));
            }
        } finally {
            side.end();
        }
    }

    private boolean opened(int fd) {
        if (fd < 0) {
            return false;
        }
        number = fd;
        pending = null;
        return true;
    }

    /** What closes the number at the end. */
    interface Release {
        /** @return 0, or the negative errno */
        int close(CallState state, int fd);
    }
}
