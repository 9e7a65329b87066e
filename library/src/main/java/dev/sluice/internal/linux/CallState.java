// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What one system call at a time needs of native memory: where errno is captured, and a little room for arguments.
 *
 * <p>One is owned by whoever holds a descriptor's side, or borrowed for a single call by {@link #acquire}. A
 * thread-local would cost about a kilobyte for each virtual thread, an arena for each call tens of microseconds; these
 * are carved from slabs that are never freed, and go round.
 */
public final class CallState {
    /** Bytes of argument room behind {@link #room}: enough for an iovec, a few pollfds, or a /proc/self/fd path. */
    public static final int ROOM = 56;

    private static final int SIZE = 64;
    private static final int SLAB = 64;
    private static final ArrayDeque<CallState> FREE = new ArrayDeque<>();

    final MemorySegment errno;

    private final MemorySegment block;

    private CallState(MemorySegment block) {
        this.block = block;
        this.errno = block.asSlice(0, ValueLayout.JAVA_INT.byteSize(), ValueLayout.JAVA_INT.byteAlignment());
    }

    /**
     * Borrows one; give it back with {@link #release}.
     *
     * @throws UnsupportedOperationException where the kernel cannot be called at all: another system, no native access
     */
    public static CallState acquire() {
        Syscall.requireUsable();
        synchronized (FREE) {
            @Nullable CallState free = FREE.poll();
            return free != null ? free : carve();
        }
    }

    private static CallState carve() {
        MemorySegment slab = Arena.global().allocate((long) SIZE * SLAB, SIZE);
        for (int i = 1; i < SLAB; i++) {
            FREE.push(new CallState(slab.asSlice((long) i * SIZE, SIZE)));
        }
        return new CallState(slab.asSlice(0, SIZE));
    }

    /** Gives it back. The caller must not use it, or its room, again. */
    public void release() {
        synchronized (FREE) {
            FREE.push(this);
        }
    }

    /** The address of the argument room, {@value #ROOM} bytes long. */
    public long room() {
        return block.address() + SIZE - ROOM;
    }

    /** The same room, as memory. */
    MemorySegment roomMemory() {
        return block.asSlice(SIZE - ROOM);
    }

    int errno() {
        return errno.get(ValueLayout.JAVA_INT, 0);
    }

    int getInt(int offset) {
        return block.get(ValueLayout.JAVA_INT, SIZE - ROOM + offset);
    }

    short getShort(int offset) {
        return block.get(ValueLayout.JAVA_SHORT, SIZE - ROOM + offset);
    }

    void putInt(int offset, int value) {
        block.set(ValueLayout.JAVA_INT, SIZE - ROOM + offset, value);
    }

    public void putLong(int offset, long value) {
        block.set(ValueLayout.JAVA_LONG, SIZE - ROOM + offset, value);
    }

    /** Puts a short ASCII string with its closing NUL at the start of the room, and returns its address. */
    long putString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length >= ROOM) {
            throw new IllegalArgumentException("too long for the room of a call: " + text);
        }
        MemorySegment.copy(bytes, 0, block, ValueLayout.JAVA_BYTE, SIZE - ROOM, bytes.length);
        block.set(ValueLayout.JAVA_BYTE, SIZE - ROOM + bytes.length, (byte) 0);
        return room();
    }
}
