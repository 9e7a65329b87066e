// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Shows on standard error how far a copy is: on a terminal in one line that is redrawn in place, elsewhere in a line
 * every few seconds. It has a thread of its own, which never touches the copy: a terminal that takes no more stops the
 * line alone.
 */
final class Progress implements AutoCloseable {
    private static final long REDRAW_MILLIS = 200;
    private static final long LINE_MILLIS = 5_000;
    private static final long PATIENCE_MILLIS = 1_000;
    private static final int ANY_WIDTH = 200;

    private final PrintStream err;
    private final Totals totals;
    private final ProgressLine line;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().daemon().name("sluice-progress").unstarted(this::show);

    /** @param size how many bytes there will be, or -1 if nobody knows */
    Progress(PrintStream err, Totals totals, long size) {
        this.err = err;
        this.totals = totals;
        this.line = new ProgressLine(size);
    }

    void start() {
        thread.start();
    }

    private void show() {
        Terminal terminal = new Terminal();
        int columns = terminal.columns();
        boolean inPlace = columns > 0;
        try {
            while (!over.await(inPlace ? REDRAW_MILLIS : LINE_MILLIS, TimeUnit.MILLISECONDS)) {
                if (inPlace) {
                    columns = terminal.columns();
                    redraw(line.at(totals.nanos(), totals.bytes(), columns - 1));
                } else {
                    err.println(line.at(totals.nanos(), totals.bytes(), ANY_WIDTH).strip());
                }
            }
        } catch (InterruptedException nobodyDoesThat) {
            return;
        }
        String last = line.last(totals.nanos(), totals.bytes(), inPlace ? columns - 1 : ANY_WIDTH);
        if (inPlace) {
            redraw(last);
            err.println();
        } else {
            err.println(last.strip());
        }
    }

    private void redraw(String text) {
        err.print("\r" + text + "\033[K");
        err.flush();
    }

    /** Shows how it ended, and stops; waits a while for the last line to be out. */
    @Override
    public void close() {
        over.countDown();
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }
}
