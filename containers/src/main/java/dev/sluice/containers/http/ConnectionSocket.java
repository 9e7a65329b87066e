// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.http;

import dev.sluice.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection as httpcore5 wants it, which asks for a {@link Socket}. Only what that library calls is there; a Unix
 * domain's socket looks the same as a TCP one.
 */
final class ConnectionSocket extends Socket {
    private final Connection connection;
    private volatile int readTimeout;

    ConnectionSocket(Connection connection) throws SocketException {
        super((SocketImpl) null);
        this.connection = connection;
    }

    /** Its reads heed {@link #setSoTimeout}, which counts from the begin of each. */
    @Override
    public InputStream getInputStream() {
        return new Input(connection.inputStream());
    }

    @Override
    public OutputStream getOutputStream() {
        return connection.outputStream();
    }

    @Override
    public void setSoTimeout(int milliseconds) {
        readTimeout = milliseconds;
    }

    @Override
    public int getSoTimeout() {
        return readTimeout;
    }

    /** Does nothing: a close does not wait here. */
    @Override
    public void setSoLinger(boolean on, int seconds) {
        // see above
    }

    @Override
    public boolean isClosed() {
        return !connection.isOpen();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return null;
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return null;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    private final class Input extends InputStream {
        private final InputStream in;

        Input(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            setDeadline();
            return in.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            setDeadline();
            return in.read(into, offset, length);
        }

        private void setDeadline() throws IOException {
            if (readTimeout > 0) {
                connection.setReadDeadline(Duration.ofMillis(readTimeout));
            } else {
                connection.clearReadDeadline();
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
