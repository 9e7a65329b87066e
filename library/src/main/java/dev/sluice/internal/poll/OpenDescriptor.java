// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Failures;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import org.jspecify.annotations.Nullable;

/**
 * One open descriptor: its number, its sides, and what is known of it.
 *
 * <p>Its {@link Life} counts the operations that use the number. When it has been closed and the last of them is over,
 * the number is removed from epoll, and then closed: nobody can touch it, nor one that comes after it.
 */
public final class OpenDescriptor {
    private final String name;
    private final Kind kind;
    private final Mode mode;
    private final Release release;
    private final Sides sides;
    private final Life life = new Life();
    private final Registration registration = new Registration();
    private final PeerState peer = new PeerState();
    private final Cutoff cutoff = new Cutoff();

    /** -1 as long as {@link #pending} is there. */
    private volatile int number;

    private volatile @Nullable PendingWriter pending;

    /** Whether RWF_NOWAIT has not been refused. */
    private volatile boolean knowsNoWait = true;

    /** The errno of close(2), for the one who closed it and waits for the last user to leave; 0 if it went well. */
    private volatile int closeFailure;

    /** @param access O_RDONLY, O_WRONLY or O_RDWR */
    OpenDescriptor(int number, String name, Kind kind, Mode mode, int access, Release release) {
        this.number = number;
        this.name = name;
        this.kind = kind;
        this.mode = mode;
        this.release = release;
        this.sides = new Sides(this, access);
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
        return sides.isReadable();
    }

    /** @throws NonReadableChannelException if it is open for writing only, or a listener */
    public Side readSide() {
        if (kind.isListener()) {
            throw new NonReadableChannelException();
        }
        return sides.read();
    }

    /** The side on which a listener waits for connections. */
    public Side acceptSide() {
        return sides.read();
    }

    /** @throws NonWritableChannelException if it is open for reading only, or a listener */
    public Side writeSide() {
        if (kind.isListener()) {
            throw new NonWritableChannelException();
        }
        return sides.write();
    }

    /** A side of one watcher's own, on which it is woken by hang-ups. To be given back by {@link #removeWatch}. */
    public Side addWatch() {
        return sides.addWatch();
    }

    public void removeWatch(Side watch) {
        sides.removeWatch(watch);
    }

    void wakeWatches() {
        sides.wakeWatches();
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
            sides.wakeAll();
            if (!kind.isOnDisk() && !sides.isAnyHeldByCurrentThread()) {
                life.awaitEnd();
            }
        }
        if (closeFailure != 0) {
            throw Failures.of("close", name, closeFailure);
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
        sides.release();
        life.end();
    }

    // ---- readiness

    /**
     * Makes sure that a poller knows of it: once, at the first wait of a virtual thread. See {@link Registration}.
     *
     * @return whether epoll takes it
     * @throws java.nio.file.FileSystemException ENOSPC if the user has as many registrations as the kernel allows, and
     *     the like
     */
    boolean register(CallState state) throws IOException {
        int fd = number;
        if (!registration.isDecided() && fd >= 0) {
            Pollers.start();
            int result = registration.register(state, this, fd);
            if (result < 0) {
                sides.wakeAll(); // another side may wait already, and believe that a poller will tell it
                throw Failures.of("epoll_ctl", name, -result);
            }
        }
        return registration.isRegistered();
    }

    /** See {@link Registration#heed}. */
    void heed(CallState state, int events) {
        registration.heed(state, number, events);
    }

    /**
     * See {@link Registration#ignoreUnawaited}. But an end stays, and each change of what is reported reports it anew:
     * that would wake more than it saves, where little comes any more.
     */
    void ignoreUnawaited(CallState state) {
        if (!peer.mayHaveEnded()) {
            registration.ignoreUnawaited(state, number, sides);
        }
    }

    long eventData() {
        return registration.eventData();
    }

    /** Whether its readiness can be waited for at all. */
    public boolean isPollable(CallState state) {
        return switch (kind) {
            case PIPE, STREAM_SOCKET, MESSAGE_SOCKET, LISTENER, MESSAGE_LISTENER, TERMINAL -> true;
            case FILE, DIRECTORY, BLOCK_DEVICE -> false;
            case DEVICE, OTHER -> registration.isPossible(state, number);
        };
    }

    /** Called by a poller: an edge. HUP and ERR are for everybody, ERR alone included. */
    void ready(int bits) {
        boolean gone = (bits & Hangups.EVENTS) != 0;
        boolean halfGone = (bits & Constants.EPOLLRDHUP) != 0;
        if (gone) {
            peer.noteHangup();
        }
        if (gone || halfGone) {
            peer.noteEnd();
        }
        if ((bits & Constants.EPOLLPRI) != 0) {
            peer.noteUrgent();
        }
        if (gone || halfGone || (bits & Constants.EPOLLIN) != 0) {
            sides.wakeRead();
        }
        if (gone || (bits & Constants.EPOLLOUT) != 0) {
            sides.wakeWrite();
        }
        if (gone || halfGone) {
            sides.wakeWatches();
        }
    }

    // ---- what has been learnt of it

    /** What has been seen of its other end. */
    public PeerState peer() {
        return peer;
    }

    /** Whether somebody may open the other end again after it has gone: nobody can open what has no name. */
    boolean mayHavePeerAgain() {
        return (kind == Kind.PIPE || kind == Kind.TERMINAL) && !peer.isNameless();
    }

    boolean knowsNoWait() {
        return knowsNoWait;
    }

    void forgetNoWait() {
        knowsNoWait = false;
    }

    // ---- the end of reading that is asked for

    /** Whether reading ends with what is buffered. */
    public boolean isCutOff() {
        return cutoff.isCut();
    }

    /** Makes reading end with what is buffered now, although there may still be a writer. */
    public void cutOff() {
        cutoff.cut();
        sides.wakeRead();
    }

    /**
     * How many bytes may be read at once, {@code most} at most; 0 is the end, see {@link Cutoff}. Holds the read side.
     */
    public long readable(CallState state, long most) {
        return cutoff.readable(state, number, most);
    }

    /** To be told what was read. Holds the read side. */
    public void noteRead(long count) {
        cutoff.noteRead(count);
    }

    // ---- a FIFO's writer before there is a reader

    void setPending(PendingWriter writer) {
        pending = writer;
    }

    public boolean isPending() {
        return pending != null;
    }

    /** What is waited by, where it is a FIFO's writer that has had no reader yet. See {@link Peers#connect}. */
    @Nullable PendingWriter pending() {
        return pending;
    }

    /** Is open from now on, under this number. Holds the write side. */
    void opened(int fd) {
        number = fd;
        pending = null;
    }

    // ---- a FIFO's reader after its writers

    /**
     * Lets the number refer to what {@code fresh} does; that stays the caller's to close. Holds the read side. All
     * others are woken, since what they wait for may be told of the new description alone.
     */
    void replace(CallState state, int fresh) throws IOException {
        int result = registration.replace(state, number, fresh);
        sides.wakeAll();
        if (result < 0) {
            throw Failures.of("dup3", name, -result);
        }
    }

    /** What closes the number at the end. */
    public interface Release {
        /** @return 0, or the negative errno */
        int close(CallState state, int fd);
    }
}
