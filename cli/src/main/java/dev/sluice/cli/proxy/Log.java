// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.proxy;

import dev.sluice.cli.Report;
import dev.sluice.cli.ReportLoggerFinder;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says on standard error. It has a platform thread of its own, so that whoever reads standard error slowly
 * holds up no carrier thread, and with it all connections. Nothing is queued: see {@link Topic}.
 */
final class Log implements AutoCloseable {
    private static final long LAST_WORDS_MILLIS = 1_000;

    private final PrintStream err;
    private final Sessions sessions;
    private final boolean verbose;
    private final StatsLine stats = new StatsLine(System.nanoTime());
    private final Topic targetDown = new Topic();
    private final Topic connectionFailed = new Topic();
    private final Topic others = new Topic();
    private final List<Topic> topics = List.of(targetDown, connectionFailed, others);

    /** Nanoseconds between two lines of statistics; 0 for none. */
    private final long interval;

    private final Thread thread = Thread.ofPlatform().daemon().name("sluice-log").unstarted(this::run);
    private long nextStats;
    private boolean closed;

    Log(PrintStream err, Sessions sessions, ProxySettings settings) {
        this.err = err;
        this.sessions = sessions;
        this.verbose = settings.verbose();
        @Nullable Duration every = settings.statsInterval();
        this.interval = every == null ? 0 : every.toNanos();
        this.nextStats = System.nanoTime() + interval;
    }

    void start() {
        thread.start();
        ReportLoggerFinder.sayBy(this::say);
    }

    /** A client could not be served. */
    void targetDown(IOException failure) {
        add(targetDown, String.valueOf(failure.getMessage()));
    }

    /** A connection was reset or the like, as happens every day. */
    void connectionFailed(String how) {
        if (verbose) {
            add(connectionFailed, how);
        }
    }

    /** Anything else that is worth a line. */
    void say(String line) {
        add(others, line);
    }

    private synchronized void add(Topic topic, String message) {
        topic.add(message);
        notifyAll();
    }

    private void run() {
        try {
            for (@Nullable String line = next(); line != null; line = next()) {
                Report.line(err, line);
            }
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for something to say; null when there will be nothing more. */
    private @Nullable String next() throws InterruptedException {
        synchronized (this) {
            for (;;) {
                long now = System.nanoTime();
                for (Topic topic : topics) {
                    @Nullable String line = topic.take(now, closed);
                    if (line != null) {
                        return line;
                    }
                }
                if (interval > 0 && now - nextStats >= 0) {
                    nextStats = now + interval;
                    break;
                }
                if (closed) {
                    return null;
                }
                TimeUnit.NANOSECONDS.timedWait(this, patience(now));
            }
        }
        return stats.at(System.nanoTime(), sessions.count());
    }

    /** Nanoseconds until there is something to say, if nothing happens. */
    private long patience(long now) {
        long patience = interval > 0 ? nextStats - now : Long.MAX_VALUE;
        for (Topic topic : topics) {
            patience = Math.min(patience, topic.patience(now));
        }
        return Math.max(1, patience);
    }

    /** Says what there still is to say, and ends; waits a while for that. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join(LAST_WORDS_MILLIS);
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }
}
