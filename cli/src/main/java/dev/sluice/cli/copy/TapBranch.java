// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.DestinationEnd;
import dev.sluice.FanOut;
import dev.sluice.cli.address.Opened;
import dev.sluice.cli.address.Opened.Leave;
import dev.sluice.cli.address.Tap;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tap: who connects is a destination until he leaves. It accepts on a thread of its own.
 *
 * <p>Its readers' sums are what it tells of them, so that one that serves for weeks needs no more memory than one that
 * has just begun.
 */
final class TapBranch implements Branch {
    private final Tap tap;
    private final FanOut fanOut;
    private final Slow slow;
    private final Teller teller;
    private final Map<FanOut.Destination, Reader> readers = new IdentityHashMap<>();
    private final List<Departure> departures = new ArrayList<>();
    private long came;
    private long delivered;
    private long skipped;
    private boolean over;

    TapBranch(Tap tap, FanOut fanOut, Slow slow, Teller teller) {
        this.tap = tap;
        this.fanOut = fanOut;
        this.slow = slow;
        this.teller = teller;
    }

    /** One who has connected. */
    private static final class Reader {
        final Opened end;
        boolean toldOfSkipping;

        Reader(Opened end) {
            this.end = end;
        }
    }

    @Override
    public void join() {
        Thread.ofVirtual().name("sluice-tap").start(this::accept);
    }

    private void accept() {
        try {
            for (;;) {
                welcome(tap.accept());
            }
        } catch (ClosedChannelException closed) {
            // the copy is over
        } catch (IOException | RuntimeException failed) {
            teller.failure(failed);
        }
    }

    private synchronized void welcome(Opened reader) throws IOException {
        if (over) {
            reader.close();
            return;
        }
        came++;
        readers.put(fanOut.add(reader.descriptor(), slow.tapPolicy(), tap.replay()), new Reader(reader));
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public synchronized void changed(FanOut.Destination destination) {
        @Nullable Reader reader = readers.get(destination);
        if (reader == null) {
            return;
        }
        @Nullable DestinationEnd why = destination.end();
        if (why == null) {
            if (destination.isSkipping() && !reader.toldOfSkipping) {
                reader.toldOfSkipping = true;
                teller.line(tap.address() + ": a reader is slow, and skips what it has no room for, after "
                        + Teller.bytes(destination.bytes()));
            }
            return;
        }
        if (why == DestinationEnd.END_OF_SOURCE) {
            return; // all are left together
        }
        readers.remove(destination);
        count(destination);
        if (why == DestinationEnd.DROPPED) {
            teller.line(tap.address() + ": a reader was too slow, dropped after " + Teller.bytes(destination.bytes()));
        }
        boolean cutShort = why != DestinationEnd.GONE;
        Departure ignored = Departure.start(reader.end, teller.leaveEarly(cutShort).within(CopyRun.LAST_WORDS));
    }

    private void count(FanOut.Destination destination) {
        delivered += destination.bytes();
        skipped += destination.skipped() + destination.waiting();
    }

    /** Its readers hold the end back no more than they do the source. */
    @Override
    public void draining() {
        if (!slow.tapsHold()) {
            Thread.ofVirtual().name("sluice-tap-end").start(this::removeAllInTime);
        }
    }

    private void removeAllInTime() {
        try {
            Thread.sleep(CopyRun.LAST_WORDS);
        } catch (InterruptedException nobodyDoesThat) {
            return;
        }
        synchronized (this) {
            readers.keySet().stream().filter(reader -> reader.waiting() > 0).forEach(FanOut.Destination::remove);
        }
    }

    @Override
    public synchronized void leave(Leave leave) {
        over = true;
        try {
            tap.close();
        } catch (IOException closedNonetheless) {
            // and nobody comes any more
        }
        readers.forEach((destination, reader) -> {
            count(destination);
            departures.add(Departure.start(reader.end, leave.within(CopyRun.LAST_WORDS)));
        });
        readers.clear();
    }

    @Override
    public void hurry() {
        departures.forEach(Departure::hurry);
    }

    @Override
    public void await() throws InterruptedException {
        for (Departure departure : departures) {
            departure.await();
        }
    }

    @Override
    public void tellFailures() {
        // a reader's are his own
    }

    @Override
    public Fate fate(Ending run) {
        return Fate.WHOLE;
    }

    @Override
    public synchronized Row row(long total, Ending run) {
        return new Row(tap.address(), delivered, skipped, came, run.word());
    }
}
