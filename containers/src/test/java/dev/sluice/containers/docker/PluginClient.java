// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.Connection;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Asks as dockerd does: one request on each connection, with an empty Host. */
final class PluginClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Connection connection;
    private final DataInputStream in;
    private final int status;
    private final String headers;
    private int chunkLeft;

    private PluginClient(Connection connection) throws IOException {
        this.connection = connection;
        this.in = new DataInputStream(connection.inputStream());
        String line = line();
        this.status = Integer.parseInt(line.split(" ", -1)[1]);
        StringBuilder all = new StringBuilder();
        for (String header = line(); !header.isEmpty(); header = line()) {
            all.append(header.toLowerCase(Locale.ROOT)).append('\n');
        }
        this.headers = all.toString();
    }

    /** Asks, and answers when the answer begins. */
    static PluginClient ask(Path socket, String path, String body) throws IOException {
        Connection connection = Connection.connect(UnixDomainSocketAddress.of(socket));
        try {
            connection.setReadDeadline(PATIENCE);
            byte[] bytes = body.getBytes(UTF_8);
            String head = "POST " + path + " HTTP/1.1\r\nHost: \r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: "
                    + bytes.length + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n";
            connection.write(ByteBuffer.wrap(head.getBytes(UTF_8)));
            connection.write(ByteBuffer.wrap(bytes));
            return new PluginClient(connection);
        } catch (IOException | RuntimeException failure) {
            connection.close();
            throw failure;
        }
    }

    /** Asks for what fits into one short answer. */
    static String call(Path socket, String path, String body) throws IOException {
        try (PluginClient client = ask(socket, path, body)) {
            return client.body();
        }
    }

    int status() {
        return status;
    }

    boolean isChunked() {
        return headers.contains("transfer-encoding: chunked");
    }

    /** An answer whose length is told. */
    String body() throws IOException {
        int length = Integer.parseInt(headers.replaceFirst("(?s).*content-length: (\\d+).*", "$1"));
        return new String(in.readNBytes(length), UTF_8);
    }

    /** The next frame of a chunked answer, without its length; null at its end. */
    byte @Nullable [] frame() throws IOException {
        byte[] length = chunked(Integer.BYTES);
        return length.length == 0 ? null : chunked(ByteBuffer.wrap(length).getInt());
    }

    /** The texts of so many frames, or of all that there are, one after the other. */
    String texts(int most) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < most; i++) {
            byte[] frame = frame();
            if (frame == null) {
                break;
            }
            all.writeBytes(text(frame));
        }
        return all.toString(UTF_8);
    }

    /** The third field of a LogEntry, which follows a source of six letters and a time of nine bytes. */
    static byte[] text(byte[] frame) {
        int at = 2 + 6 + 1;
        while (frame[at] < 0) {
            at++;
        }
        at++;
        if (frame[at++] != 0x1a) {
            throw new AssertionError(new String(frame, UTF_8));
        }
        int length = 0;
        int shift = 0;
        do {
            length |= (frame[at] & 0x7f) << shift;
            shift += 7;
        } while (frame[at++] < 0);
        return Arrays.copyOfRange(frame, at, at + length);
    }

    private byte[] chunked(int most) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < most) {
            if (chunkLeft == 0) {
                chunkLeft = Integer.parseInt(line(), 16);
                if (chunkLeft == 0) {
                    break;
                }
            }
            byte[] some = in.readNBytes(Math.min(chunkLeft, most - bytes.size()));
            bytes.writeBytes(some);
            chunkLeft -= some.length;
            if (chunkLeft == 0) {
                line();
            }
        }
        if (bytes.size() > 0 && bytes.size() < most) {
            throw new EOFException("in the middle of a frame");
        }
        return bytes.toByteArray();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("after " + line);
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
