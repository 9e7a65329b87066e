// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Which descriptor an event is for: a table of slots, each with a generation that grows when the slot changes hands.
 *
 * <p>An event carries slot and generation. One that was fetched from the kernel before its descriptor was closed, and
 * is handed out after the slot has a new owner, names the old generation and is dropped.
 */
final class Slots {
    private static final int FIRST = 64;

    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final LongAdder stale = new LongAdder();
    private int[] generations = new int[FIRST];
    private int used;
    private volatile AtomicReferenceArray<@Nullable OpenDescriptor> owners = new AtomicReferenceArray<>(FIRST);

    /** Gives the descriptor a slot, and answers what its events are to carry. */
    synchronized long take(OpenDescriptor owner) {
        @Nullable Integer slot = free.poll();
        int index = slot != null ? slot : used++;
        if (index == generations.length) {
            grow();
        }
        owners.set(index, owner);
        return (long) generations[index] << Integer.SIZE | index;
    }

    private void grow() {
        int length = generations.length * 2;
        generations = Arrays.copyOf(generations, length);
        AtomicReferenceArray<@Nullable OpenDescriptor> grown = new AtomicReferenceArray<>(length);
        for (int i = 0; i < owners.length(); i++) {
            grown.set(i, owners.get(i));
        }
        owners = grown;
    }

    synchronized void giveBack(long data) {
        int index = (int) data;
        owners.set(index, null);
        // Never negative: see OpenDescriptor.eventData.
        generations[index] = (generations[index] + 1) & Integer.MAX_VALUE;
        free.push(index);
    }

    /** The descriptor that the event is for, or null if it has been closed since. */
    @Nullable OpenDescriptor owner(long data) {
        @Nullable OpenDescriptor owner = owners.get((int) data);
        if (owner != null && owner.eventData() == data) {
            return owner;
        }
        stale.increment();
        return null;
    }

    /** How many events came too late. */
    long staleEvents() {
        return stale.sum();
    }

    synchronized int inUse() {
        return used - free.size();
    }
}
