// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.proxy;

import dev.sluice.Connection;
import dev.sluice.CopyResult.End;
import dev.sluice.Relay;
import dev.sluice.RelayResult;
import dev.sluice.cli.address.SocketPlace;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One client, and its connection to the target. Thousands of them idle at once, so it keeps as little as it can.
 *
 * <p>The end of a stream is passed on only where the one who sends has said so. Whatever else ends a session (a target
 * that is down, the idle timeout, the end of the grace) resets both connections, so that nobody takes what he has got
 * for complete.
 */
final class Session implements Runnable {
    private final Connection client;
    private final SocketPlace target;
    private final ProxySettings settings;
    private final Sessions sessions;
    private final Log log;
    private final Thread thread = Thread.ofVirtual().unstarted(this);
    private volatile @Nullable Relay relay;

    Session(Connection client, SocketPlace target, ProxySettings settings, Sessions sessions, Log log) {
        this.client = client;
        this.target = target;
        this.settings = settings;
        this.sessions = sessions;
        this.log = log;
    }

    void start() {
        thread.start();
    }

    /** Ends it, whatever it waits for. */
    void cut() {
        thread.interrupt();
    }

    /** Bytes from the client to the target, so far. */
    long forth() {
        @Nullable Relay now = relay;
        return now == null ? 0 : now.transferredForth();
    }

    /** Bytes from the target to the client, so far. */
    long back() {
        @Nullable Relay now = relay;
        return now == null ? 0 : now.transferredBack();
    }

    @Override
    public void run() {
        try (client) {
            connectAndRelay();
        } catch (IOException failed) {
            log.connectionFailed(String.valueOf(failed.getMessage()));
        } catch (RuntimeException | Error unexpected) {
            log.say("unexpected: " + unexpected);
        } finally {
            sessions.ended(this);
        }
    }

    private void connectAndRelay() throws IOException {
        @Nullable Connection server = connect();
        if (server == null) {
            client.abort();
            return;
        }
        try (server) {
            if (!relay(server)) {
                try (client;
                        server) {
                    client.abort();
                    server.abort();
                }
            }
        }
    }

    /** Connects to the target; null if that fails. */
    private @Nullable Connection connect() {
        try {
            return target.connection().timeout(settings.connectTimeout()).connect();
        } catch (IOException failed) {
            if (isReset(failed)) {
                log.connectionFailed(String.valueOf(failed.getMessage()));
                // A time-out is an InterruptedIOException too.
            } else if (failed instanceof SocketTimeoutException || !(failed instanceof InterruptedIOException)) {
                log.targetDown(failed);
            }
            return null;
        }
    }

    /** Whether the target had accepted, and reset it before we looked: one that is down refuses (tcp(7)). */
    private static boolean isReset(IOException failed) {
        return failed instanceof ConnectException && String.valueOf(failed.getMessage()).contains(": ECONNRESET");
    }

    /** Relays; tells whether both sides have said their last word. */
    private boolean relay(Connection server) throws IOException {
        Relay both = Relay.between(client, server);
        @Nullable Duration idle = settings.idleTimeout();
        if (idle != null) {
            both.idleTimeout(idle);
        }
        relay = both;
        RelayResult result = both.run();
        return isEnd(result.forth().end()) && isEnd(result.back().end());
    }

    private static boolean isEnd(End end) {
        return end == End.END_OF_SOURCE || end == End.DESTINATION_GONE;
    }
}
