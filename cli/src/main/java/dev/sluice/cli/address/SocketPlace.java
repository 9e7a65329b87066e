// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.ConnectionSetup;
import dev.sluice.Listener;
import dev.sluice.ListenerSetup;
import dev.sluice.cli.UsageException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where a socket connects to, or listens: what the addresses of a copy and those of a proxy share. */
public sealed interface SocketPlace permits TcpPlace, UnixPlace {
    /** As it was typed. */
    String text();

    /**
     * A connection that is to be made to it.
     *
     * @throws IOException if there can be no such place
     */
    ConnectionSetup connection() throws IOException;

    /**
     * A listener that is to be opened at it. A host that is a name is looked up.
     *
     * @throws IOException if there can be no such place, or no such host
     */
    ListenerSetup listener() throws IOException;

    /** Where it listens, in the form in which it can be typed: with the port that the kernel chose. */
    String textOf(Listener listener) throws IOException;

    /** What the user has to be told so that a peer can find it; null where he knows. */
    default @Nullable String whereabouts(Listener listener) throws IOException {
        return this instanceof TcpPlace tcp && tcp.port() == 0 ? "listening on " + textOf(listener) : null;
    }

    /**
     * Reads {@code tcp:HOST:PORT} or {@code unix:PATH}, for something that connects there.
     *
     * @throws UsageException if it is neither
     */
    static SocketPlace parseTarget(String text) {
        return switch (scheme(text)) {
            case "tcp" -> TcpPlace.target(text, rest(text));
            case "unix" -> UnixPlace.target(text, rest(text));
            default -> throw new UsageException(NearestPlace.complaint(text, "tcp:HOST:PORT nor unix:PATH", false));
        };
    }

    /**
     * Reads {@code tcp:[HOST:]PORT} or {@code unix:PATH}, for something that listens there.
     *
     * @throws UsageException if it is neither
     */
    static SocketPlace parseListening(String text) {
        return switch (scheme(text)) {
            case "tcp" -> TcpPlace.listening(text, rest(text));
            case "unix" -> UnixPlace.listening(text, rest(text));
            default ->
                throw new UsageException(
                        NearestPlace.complaint(text, "tcp:[HOST:]PORT nor unix:PATH, where to listen", true));
        };
    }

    /** What stands before the colon; nothing if there is none. */
    static String scheme(String text) {
        return text.substring(0, Math.max(0, text.indexOf(':')));
    }

    /** What stands behind the colon. */
    static String rest(String text) {
        return text.substring(text.indexOf(':') + 1);
    }
}
