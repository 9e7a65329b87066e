// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.Constants;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The sides of a descriptor: one to read and one to write, as it was opened, and one for each watcher. */
final class Sides {
    private static final Side[] NO_WATCHES = {};

    private final OpenDescriptor owner;
    private final @Nullable Side read;
    private final @Nullable Side write;
    private volatile Side[] watches = NO_WATCHES;

    /** @param access O_RDONLY, O_WRONLY or O_RDWR */
    Sides(OpenDescriptor owner, int access) {
        this.owner = owner;
        this.read = access == Constants.O_WRONLY ? null : new Side(owner, "read", Constants.EPOLLIN);
        this.write = access == Constants.O_RDONLY ? null : new Side(owner, "write", Constants.EPOLLOUT);
    }

    boolean isReadable() {
        return read != null;
    }

    Side read() {
        if (read == null) {
            throw new NonReadableChannelException();
        }
        return read;
    }

    Side write() {
        if (write == null) {
            throw new NonWritableChannelException();
        }
        return write;
    }

    synchronized Side addWatch() {
        Side watch = new Side(owner, "wait for a hang-up of", Constants.EPOLLRDHUP);
        Side[] more = Arrays.copyOf(watches, watches.length + 1);
        more[watches.length] = watch;
        watches = more;
        return watch;
    }

    synchronized void removeWatch(Side watch) {
        watches = Arrays.stream(watches).filter(other -> other != watch).toArray(Side[]::new);
        watch.release();
    }

    boolean isAnyHeldByCurrentThread() {
        return holds(read) || holds(write) || Arrays.stream(watches).anyMatch(Side::isHeldByCurrentThread);
    }

    private static boolean holds(@Nullable Side side) {
        return side != null && side.isHeldByCurrentThread();
    }

    /** What those wait for who wait: EPOLLIN, EPOLLOUT, both or neither. */
    int awaited() {
        return awaited(read) | awaited(write);
    }

    private static int awaited(@Nullable Side side) {
        return side != null && side.latch().hasWaiter() ? side.events() : 0;
    }

    void wakeAll() {
        wakeRead();
        wakeWrite();
        wakeWatches();
    }

    void wakeRead() {
        wake(read);
    }

    void wakeWrite() {
        wake(write);
    }

    void wakeWatches() {
        for (Side watch : watches) {
            wake(watch);
        }
    }

    private static void wake(@Nullable Side side) {
        if (side != null) {
            side.latch().wake();
        }
    }

    /** At the end of the descriptor's life. Watches are given back by their watchers. */
    void release() {
        release(read);
        release(write);
    }

    private static void release(@Nullable Side side) {
        if (side != null) {
            side.release();
        }
    }
}
