// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Room for the events of one epoll_wait(2), for as long as the process lives. */
public final class EpollEvents {
    /** How many events one wait takes at most. */
    public static final int CAPACITY = 256;

    private final int size = Architecture.current().epollEventSize;
    private final int dataOffset = Architecture.current().epollDataOffset;
    private final MemorySegment events = Arena.global().allocate((long) CAPACITY * size, Long.BYTES);

    long address() {
        return events.address();
    }

    /** The readiness bits of event {@code index}. */
    public int bits(int index) {
        return events.get(ValueLayout.JAVA_INT_UNALIGNED, (long) index * size);
    }

    /** What was registered with the descriptor of event {@code index}. */
    public long data(int index) {
        return events.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) index * size + dataOffset);
    }
}
