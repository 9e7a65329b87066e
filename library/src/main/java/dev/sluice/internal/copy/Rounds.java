// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.poll.Side;

/**
 * What a transfer's rounds have shown so far, and what follows from that: the {@link Way} of the next one, larger
 * pipes, and when to let others run.
 */
final class Rounds {
    private final Side from;
    private final Side to;
    private final Transit transit;
    private final Tally tally;
    private final WayChoice choice;
    private final PipeGrowth growth;
    private final Flow throughPipe = new Flow();
    private final Turns turns;

    Rounds(Side from, Side to, Transit transit, Tally tally, Options options) {
        this.from = from;
        this.to = to;
        this.transit = transit;
        this.tally = tally;
        Way best = Way.between(from.owner(), to.owner(), options.zeroCopy());
        if (options.spliceOnly() && best != Way.SPLICE) {
            throw new UnsupportedOperationException(
                    "cannot splice " + from.owner().name() + " to " + to.owner().name());
        }
        this.choice = new WayChoice(best, options.spliceOnly());
        this.growth = new PipeGrowth(options.pipeSize());
        this.turns = new Turns(from);
    }

    /** To be told before the first one. */
    void start() {
        growth.start(from, to);
    }

    /** Begins the next one, and answers its way. What is in transit goes on by the way on which it came. */
    Way next() {
        turns.begin();
        if (transit.size() > 0) {
            return transit.way();
        }
        if (choice.way() == Way.THROUGH_PIPE && !transit.obtainPipe(from.state(), throughPipe.isLarge())) {
            tally.refused();
            CopyRecorder.refused("pipe2", from, to, -Errno.EMFILE);
            choice.noPipe();
        }
        return choice.way();
    }

    /** To be told that the kernel will not have a way. */
    void refused(Way way, long result) {
        tally.refused();
        CopyRecorder.refused(way.call, from, to, result);
        choice.refused();
    }

    /** To be told of each that moved something. */
    void moved(Way way, long count) {
        tally.moved(way != Way.BUFFER, count);
        if (!way.isByTransit()) {
            from.owner().noteRead(count);
        }
        learn(way, count);
        boolean much = choice.way() != Way.BUFFER;
        from.setBusy(much);
        to.setBusy(much);
        turns.end(way == Way.BUFFER && transit.isDrained());
    }

    /** To be told of each wait that begins. */
    void waits() {
        turns.waits();
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
