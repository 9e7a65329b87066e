// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.MessageSocket;
import dev.sluice.containers.log.JsonText;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The daemon's own socket: what is said there.
 *
 * <p>It is a SEQPACKET socket, for root and the daemon's user. A client sends one message, a JSON object whose
 * {@code request} says what is wanted, with descriptors:
 *
 * <table>
 *   <caption>Requests</caption>
 *   <tr><td>{@code log}</td><td>{@code container} (as in container.json), {@code sources}: {@code name},
 *       {@code carries}; a descriptor for each source. They are read and logged from now on.</td></tr>
 *   <tr><td>{@code attach}</td><td>{@code container} (an id), {@code outputs}: of {@code stdout}, {@code stderr}; a
 *       pipe's writing end for each. What the container writes from now on is written there too, until the client
 *       closes its connection or reads no more; the daemon closes it when the container has ended.</td></tr>
 *   <tr><td>{@code list}</td><td>after the answer a message for each live container, as in container.json, and the
 *       end.</td></tr>
 *   <tr><td>{@code take-over}</td><td>see {@link TakeOver}.</td></tr>
 * </table>
 *
 * <p>The answer is a message too: {@code ok}, or {@code refused} and why.
 */
public final class ControlSocket {
    /** Where it lies unless told otherwise. */
    public static final Path DEFAULT = Path.of("/run/sluice/control.sock");

    /** The longest message. */
    static final int MOST_BYTES = 128 * 1024;

    static final String OK = "ok";
    static final String REFUSED = "refused ";

    private ControlSocket() {}

    static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    static String text(ByteBuffer received) {
        return UTF_8.decode(received.flip()).toString();
    }

    static JsonText request(String name) {
        return new JsonText().add("request", name);
    }

    static ByteBuffer message(JsonText object) throws IOException {
        ByteBuffer message = text(object.toString());
        if (message.remaining() > MOST_BYTES) {
            throw new IOException(message.remaining() + " bytes are too long for the control socket");
        }
        return message;
    }

    /** Waits for the answer, by the connection's deadline. */
    static void awaitOk(MessageSocket daemon) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(1024);
        if (daemon.receive(answer).bytes() < 0) {
            throw new EOFException("the daemon has gone without an answer");
        }
        String text = text(answer);
        if (!text.equals(OK)) {
            throw new IOException(
                    text.startsWith(REFUSED) ? text.substring(REFUSED.length()) : "no answer of a daemon: " + text);
        }
    }
}
