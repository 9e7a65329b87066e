// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How one thread waits for any of many sides, all of which it holds; {@link Waiting} is for one or two.
 *
 * <p>It goes round: {@link #begin}; then for each side {@link Side#prepare}, a try, and {@link #add}; then {@link
 * #await}. An edge or a {@link #wake} that comes after its latch was cleared ends the wait. Nothing is thrown for one
 * side: whoever waits prepares each of them again, and finds out which it was.
 */
public final class WaitSet {
    private final Latch mail = new Latch();
    private Side[] sides = new Side[4];
    private int[] events = new int[4];
    private int count;

    /** Begins a round: from here on no {@link #wake} is missed. */
    public void begin() {
        mail.clear();
        Arrays.fill(sides, 0, count, null);
        count = 0;
    }

    /**
     * Adds a side that has been prepared, to be waited for until it is as ready as it was opened for.
     *
     * @throws IOException if it cannot be registered: as if it had not been added
     */
    public void add(Side side) throws IOException {
        register(side);
        add(side, side.events());
    }

    /**
     * Adds a side whose hang-up, close and deadline alone are waited for.
     *
     * @throws IOException if it cannot be registered: as if it had not been added
     */
    public void addForHangup(Side side) throws IOException {
        register(side);
        add(side, 0);
    }

    private static void register(Side side) throws IOException {
        if (Thread.currentThread().isVirtual()) {
            side.owner().register(side.state());
        }
    }

    /** Adds a side that cannot be polled: its close and deadline are waited for. */
    public void addForClose(Side side) {
        add(side, Waiting.NOTHING);
    }

    private void add(Side side, int bits) {
        if (count == sides.length) {
            sides = Arrays.copyOf(sides, 2 * count);
            events = Arrays.copyOf(events, 2 * count);
        }
        sides[count] = side;
        events[count] = bits;
        count++;
    }

    /** Ends a wait, also one that is about to begin. For any thread. */
    public void wake() {
        mail.wake();
    }

    /**
     * Waits until one of the sides may be ready, {@link #wake}, an interrupt, or {@code until}; and no longer than the
     * first of the sides' deadlines.
     */
    public void await(long until) throws IOException {
        long moment = until;
        for (int i = 0; i < count; i++) {
            moment = Deadline.earlier(moment, sides[i].deadline());
        }
        @Nullable Object event = count > 0 ? Recorder.waitBegins() : null;
        try {
            if (Thread.currentThread().isVirtual()) {
                park(moment);
            } else {
                poll(moment);
            }
        } finally {
            Recorder.waitEnds(event, sides[0], count - 1);
        }
    }

    private void park(long moment) {
        Thread thread = Thread.currentThread();
        try {
            if (enlist(thread)) {
                heed();
                Waiting.park(this, moment);
            }
        } finally {
            withdraw(thread);
            ignore();
        }
    }

    /** Others may have had the readiness that is waited for not reported: see {@link Side#setBusy}. */
    private void heed() {
        for (int i = 0; i < count; i++) {
            if (isForReadiness(i)) {
                sides[i].heed();
            }
        }
    }

    private void ignore() {
        for (int i = 0; i < count; i++) {
            if (isForReadiness(i)) {
                sides[i].ignore();
            }
        }
    }

    private boolean isForReadiness(int index) {
        return events[index] != 0 && events[index] != Waiting.NOTHING;
    }

    private void poll(long moment) throws IOException {
        PlatformWait wait = PlatformWait.acquire();
        try {
            if (enlist(wait)) {
                for (int i = 0; i < count; i++) {
                    Waiting.add(wait, sides[i], events[i]);
                }
                wait.await(Deadline.remaining(moment));
                for (int i = 0; i < count; i++) {
                    if ((wait.answered(i + 1) & Hangups.EVENTS) != 0) {
                        sides[i].owner().peer().noteHangup();
                    }
                }
            }
        } finally {
            withdraw(wait);
            wait.release();
        }
    }

    private boolean enlist(Object waiter) {
        if (!mail.enlist(waiter)) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (!sides[i].latch().enlist(waiter)) {
                return false;
            }
        }
        return true;
    }

    private void withdraw(Object waiter) {
        mail.withdraw(waiter);
        for (int i = 0; i < count; i++) {
            sides[i].latch().withdraw(waiter);
        }
    }
}
