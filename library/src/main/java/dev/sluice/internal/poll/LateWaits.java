// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * The waits that end when they have taken some milliseconds, though no event has come: of those from whom arrivals are
 * held back. The {@link Master} looks at them, every {@value #LOOK_MILLIS} ms while there are any, and ends what it
 * finds for the second time.
 *
 * <p>The first look may come {@value Master#RESCUE_MILLIS} ms later: until then the master may be asleep. It costs no
 * timer for each wait, which is dearer than all that is saved by holding back.
 */
final class LateWaits {
    static final int LOOK_MILLIS = 2;

    /** The waits of one side, one after the other. */
    static final class Watch {
        private final Latch latch;
        private volatile int begun;
        private volatile boolean late;
        private volatile boolean left;

        /** The master's own. */
        private int seen;

        Watch(Latch latch) {
            this.latch = latch;
        }

        /** To be called before who waits is enlisted. */
        @SuppressWarnings("NonAtomicVolatileUpdate") // there is one writer
        void begins() {
            late = false;
            begun++;
        }

        /** Whether the last one was ended here. */
        boolean wasLate() {
            return late;
        }

        /** Ends the one that was found before: answers whether there was one. */
        private boolean endIfLate() {
            int now = begun;
            if (now != seen) {
                seen = now;
                return false;
            }
            if (left || !latch.hasWaiter()) {
                return false;
            }
            late = true;
            latch.wake();
            return true;
        }
    }

    private final LongAdder ended = new LongAdder();

    /** Never changed but replaced: so the master needs no memory to look through it. */
    private volatile Watch[] watches = {};

    synchronized void add(Watch watch) {
        Watch[] more = Arrays.copyOf(watches, watches.length + 1);
        more[watches.length] = watch;
        watches = more;
    }

    void remove(Watch watch) {
        watch.left = true; // first: what follows needs memory, which may be short
        drop(watch);
    }

    private synchronized void drop(Watch watch) {
        watches = Arrays.stream(watches).filter(other -> other != watch).toArray(Watch[]::new);
    }

    int count() {
        return watches.length;
    }

    /** How many it has ended, for tests. */
    long ended() {
        return ended.sum();
    }

    /** By the master. */
    void look() {
        for (Watch watch : watches) {
            if (watch.endIfLate()) {
                ended.increment();
            }
        }
    }
}
