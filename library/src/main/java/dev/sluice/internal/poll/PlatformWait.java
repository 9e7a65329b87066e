// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.PollCalls;
import dev.sluice.internal.linux.TransferCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * How a platform thread waits: in poll(2) itself, on the descriptors and on an eventfd by which others wake it.
 *
 * <p>So its wake-up needs no poller and no carrier thread, and costs one system call and one switch. It is a selector
 * only because {@link AbstractSelector#begin} is the JDK's public way to have {@code Thread.interrupt} call
 * {@link #wakeup}.
 *
 * <p>Waits are borrowed and go round. An eventfd is never closed: a thread that is about to write to it may be late,
 * and the number could be somebody else's by then. There are as many as platform threads ever waited at once.
 */
final class PlatformWait extends AbstractSelector {
    private static final int ENTRY = 8;
    private static final int USUAL = 3;
    private static final ConcurrentLinkedDeque<PlatformWait> FREE = new ConcurrentLinkedDeque<>();

    private final CallState state;
    private final CallState wakeState;
    private final int wakeDescriptor;
    private MemorySegment entries;
    private int count;

    private PlatformWait(CallState state, int wakeDescriptor) {
        super(null);
        this.state = state;
        this.wakeState = CallState.acquire();
        this.wakeDescriptor = wakeDescriptor;
        this.entries = Arena.global().allocate((long) ENTRY * USUAL, Long.BYTES);
        wakeState.putLong(0, 1);
    }

    static PlatformWait acquire() throws IOException {
        @Nullable PlatformWait free = FREE.poll();
        if (free != null) {
            return free;
        }
        CallState state = CallState.acquire();
        int wakeDescriptor = PollCalls.createEventDescriptor(state);
        if (wakeDescriptor < 0) {
            state.release();
            throw Failures.of("eventfd", "for a wait", -wakeDescriptor);
        }
        return new PlatformWait(state, wakeDescriptor);
    }

    void release() {
        count = 0;
        FREE.push(this);
    }

    /** Adds a descriptor to the next wait; hang-ups and errors are waited for whatever {@code events} says. */
    void add(int fd, int events) {
        count++;
        if ((long) count * ENTRY == entries.byteSize()) {
            entries = Arena.ofAuto().allocate(2 * entries.byteSize(), Long.BYTES).copyFrom(entries);
        }
        put(count, fd, events);
    }

    private void put(int index, int fd, int events) {
        entries.set(ValueLayout.JAVA_INT, (long) index * ENTRY, fd);
        entries.set(ValueLayout.JAVA_INT, (long) index * ENTRY + 4, events);
    }

    /**
     * Waits until one of the descriptors is ready, somebody calls {@link #wakeup}, the thread is interrupted, or the
     * time is over: the caller looks which. Negative nanoseconds wait without end.
     */
    void await(long nanos) {
        put(0, wakeDescriptor, Constants.EPOLLIN);
        begin();
        try {
            PollCalls.poll(state, entries, count + 1, nanos);
        } finally {
            end();
        }
        if (answered(0) != 0) {
            TransferCalls.read(state, wakeDescriptor, state.room(), Long.BYTES);
        }
    }

    /** What poll(2) answered for the descriptor added as the {@code index}th, counted from 1. */
    int answered(int index) {
        return Short.toUnsignedInt(entries.get(ValueLayout.JAVA_SHORT, (long) index * ENTRY + 6));
    }

    @Override
    public synchronized Selector wakeup() {
        TransferCalls.write(wakeState, wakeDescriptor, wakeState.room(), Long.BYTES);
        return this;
    }

    @Override
    protected void implCloseSelector() {
        throw new UnsupportedOperationException();
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations, @Nullable Object attachment) {
        throw new UnsupportedOperationException(SelectableChannel.class.getName());
    }

    @Override
    public Set<SelectionKey> keys() {
        return Set.of();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        return Set.of();
    }

    @Override
    public int selectNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int select(long timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int select() {
        throw new UnsupportedOperationException();
    }
}
