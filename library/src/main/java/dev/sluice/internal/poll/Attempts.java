// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.PollCalls;
import dev.sluice.internal.linux.TransferCalls;
import java.lang.foreign.MemorySegment;

/**
 * A single try to read or write, which never blocks a carrier thread. Each answers how many bytes, or the negative
 * errno.
 */
public final class Attempts {
    /**
     * The most that one critical call moves: the garbage collector waits for it, a few hundred microseconds at most.
     */
    private static final long MOST = 1 << 20;

    private static final long PIPE_BUF = 4096;

    private Attempts() {}

    /**
     * Reads into memory of the user's. Where the call may be slow it goes by a buffer of ours, which outlives the call.
     */
    public static long read(Side side, MemorySegment buffer) {
        OpenDescriptor owner = side.owner();
        if (owner.mode() == Mode.NONBLOCKING) {
            return TransferCalls.read(side.state(), owner.number(), bounded(buffer, MOST));
        }
        MemorySegment bounce = Buffers.acquire();
        try {
            long count = read(side, bounce.address(), Math.min(bounce.byteSize(), buffer.byteSize()));
            if (count > 0) {
                MemorySegment.copy(bounce, 0, buffer, 0, count);
            }
            return count;
        } finally {
            Buffers.release(bounce);
        }
    }

    /** Writes from memory of the user's. */
    public static long write(Side side, MemorySegment buffer) {
        OpenDescriptor owner = side.owner();
        if (owner.mode() == Mode.NONBLOCKING) {
            return TransferCalls.write(side.state(), owner.number(), bounded(buffer, MOST));
        }
        MemorySegment bounce = Buffers.acquire();
        try {
            long length = Math.min(bounce.byteSize(), buffer.byteSize());
            MemorySegment.copy(buffer, 0, bounce, 0, length);
            return write(side, bounce.address(), length);
        } finally {
            Buffers.release(bounce);
        }
    }

    /** Reads into native memory of ours. */
    public static long read(Side side, long address, long length) {
        OpenDescriptor owner = side.owner();
        return owner.mode() == Mode.NONBLOCKING
                ? TransferCalls.read(side.state(), owner.number(), address, length)
                : noWait(side, address, length, true);
    }

    /** Writes from native memory of ours. */
    public static long write(Side side, long address, long length) {
        OpenDescriptor owner = side.owner();
        return owner.mode() == Mode.NONBLOCKING
                ? TransferCalls.write(side.state(), owner.number(), address, length)
                : noWait(side, address, length, false);
    }

    private static MemorySegment bounded(MemorySegment buffer, long most) {
        return buffer.byteSize() <= most ? buffer : buffer.asSlice(0, most);
    }

    private static long noWait(Side side, long address, long length, boolean reading) {
        OpenDescriptor owner = side.owner();
        boolean onDisk = owner.kind().isOnDisk();
        boolean mayBlockHere = onDisk && !Thread.currentThread().isVirtual();
        if (owner.knowsNoWait() && !mayBlockHere) {
            long result = reading
                    ? TransferCalls.readNoWait(side.state(), owner.number(), address, length)
                    : TransferCalls.writeNoWait(side.state(), owner.number(), address, length);
            boolean refused = result == -Errno.EOPNOTSUPP || result == -Errno.ENOSYS;
            if (refused) {
                owner.forgetNoWait();
            } else if (result != -Errno.EAGAIN || !onDisk) {
                return result;
            }
        }
        if (!onDisk && !isReadyNow(side)) {
            return -Errno.EAGAIN;
        }
        return Offload.run(() -> blocking(side, address, length, reading, onDisk));
    }

    private static boolean isReadyNow(Side side) {
        int bits = side.events() | Hangups.EVENTS;
        return (PollCalls.pollNow(side.state(), side.owner().number(), bits) & bits) != 0;
    }

    private static long blocking(Side side, long address, long length, boolean reading, boolean onDisk) {
        int fd = side.owner().number();
        if (reading) {
            return TransferCalls.read(side.state(), fd, address, length);
        }
        // What poll(2) calls writable takes PIPE_BUF bytes without blocking, and may block for more: see pipe(7).
        return TransferCalls.write(side.state(), fd, address, onDisk ? length : Math.min(length, PIPE_BUF));
    }
}
