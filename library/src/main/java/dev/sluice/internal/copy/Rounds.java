// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.Side;

/**
 * What a transfer's rounds have shown so far, and what follows from that: the {@link Way} of the next one, larger
 * pipes, and when to let others run.
 */
final class Rounds {
    /** Rounds that never wait before a virtual thread lets others run. */
    private static final int BEFORE_YIELD = 64;

    private final Side from;
    private final Side to;
    private final Transit transit;
    private final Tally tally;
    private final WayChoice choice;
    private final PipeGrowth growth;
    private final Flow throughPipe = new Flow();
    private int sinceYield;

    /**
     * Whether the last round read all that the source had, a pipe, and it was little: then those who write there are
     * let run once before they are asked for more. On a busy machine that turns many rounds of a byte each into few of
     * many, and as long as no round is empty the pipe is never polled, which would make every write into it dearer (the
     * kernel's {@code poll_usage}).
     */
    private boolean drained;

    Rounds(Side from, Side to, Transit transit, Tally tally, Options options) {
        this.from = from;
        this.to = to;
        this.transit = transit;
        this.tally = tally;
        this.choice = new WayChoice(Way.between(from.owner(), to.owner(), options.zeroCopy()));
        this.growth = new PipeGrowth(options.pipeSize());
    }

    /** To be told before the first one. */
    void start() {
        growth.start(from, to);
    }

    /** Lets those run who write to a source that was drained. */
    @SuppressWarnings("ThreadPriorityCheck") // see drained
    void yieldIfDrained() {
        if (drained) {
            drained = false;
            Thread.yield();
        }
    }

    /** The way of the next one. What is in transit goes on by the way on which it came. */
    Way next() {
        if (transit.size() > 0) {
            return transit.way();
        }
        if (choice.way() == Way.THROUGH_PIPE && !transit.obtainPipe(from.state(), throughPipe.isLarge())) {
            tally.refused();
            choice.noPipe();
        }
        return choice.way();
    }

    /** To be told that the kernel will not have a way. */
    void refused() {
        tally.refused();
        choice.refused();
    }

    /** To be told of each that moved something. */
    @SuppressWarnings("ThreadPriorityCheck") // a copy that never waits must not keep its carrier
    void moved(Way way, long count) {
        tally.moved(way != Way.BUFFER, count);
        drained = way == Way.BUFFER && transit.isDrained() && from.owner().kind() == Kind.PIPE;
        if (!way.isByTransit()) {
            from.owner().noteRead(count);
        }
        learn(way, count);
        boolean much = choice.way() != Way.BUFFER;
        from.setBusy(much);
        to.setBusy(much);
        if (++sinceYield >= BEFORE_YIELD) {
            sinceYield = 0;
            if (Thread.currentThread().isVirtual()) {
                Thread.yield();
            }
        }
    }

    private void learn(Way way, long count) {
        switch (way) {
            case SPLICE -> {
                growth.spliced(from, to, count);
                choice.spliced(count);
            }
            case THROUGH_PIPE -> {
                if (transit.size() == 0) {
                    throughPipe.moved(transit.lastRead());
                    choice.spliced(transit.lastRead());
                }
            }
            case BUFFER -> {
                if (transit.size() == 0) {
                    choice.copied(transit.lastRead());
                }
            }
            case SEND_FILE, COPY_FILE_RANGE -> {}
        }
    }
}
