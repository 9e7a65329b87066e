// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.Side;

/**
 * Makes the pipes at the ends larger when the flow shows that it pays.
 *
 * <p>A default pipe of 64 KiB costs a third of the throughput of one of 1 MiB, but each counts against its user's quota
 * ({@code pipe-user-pages-soft}). So they grow when a good deal has been spliced in large rounds, once; and where the
 * kernel refuses, the copy goes on with what it has.
 */
public final class PipeGrowth {
    /** Grow on evidence. */
    public static final int AUTOMATIC = -1;

    /** Leave them alone. */
    public static final int KEEP = 0;

    /** What an unprivileged process may have: the default of {@code pipe-max-size}. */
    public static final int LARGEST = 1 << 20;

    private final int size;
    private final Flow flow = new Flow();
    private boolean done;

    PipeGrowth(int size) {
        this.size = size;
        this.done = size == KEEP;
    }

    /** To be told before the first round. */
    void start(Side from, Side to) {
        start(from);
        start(to);
    }

    /** To be told before the first round, where there is one end. */
    void start(Side end) {
        if (size > 0) {
            set(end, size);
            done = true;
        }
    }

    /** To be told of each spliced round. */
    void spliced(Side from, Side to, long count) {
        if (isTime(count)) {
            grow(from);
            grow(to);
        }
    }

    /** To be told of each spliced round, where there is one end. */
    void spliced(Side end, long count) {
        if (isTime(count)) {
            grow(end);
        }
    }

    private boolean isTime(long count) {
        if (done) {
            return false;
        }
        flow.moved(count);
        done = flow.isLarge();
        return done;
    }

    private static void grow(Side side) {
        if (side.owner().kind() == Kind.PIPE
                && FileCalls.fcntl(side.state(), side.owner().number(), Constants.F_GETPIPE_SZ, 0) < LARGEST) {
            set(side, LARGEST);
        }
    }

    private static void set(Side side, int size) {
        if (side.owner().kind() == Kind.PIPE) {
            FileCalls.fcntl(side.state(), side.owner().number(), Constants.F_SETPIPE_SZ, size);
        }
    }
}
