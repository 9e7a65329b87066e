// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.SocketAddresses;
import dev.sluice.internal.net.Connecting;
import dev.sluice.internal.net.HappyEyeballs;
import dev.sluice.internal.net.SocketOptions;
import dev.sluice.internal.poll.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is to be made: see {@link Connection#to(SocketAddress)}. Not for several threads at once; each
 * {@link #connect} makes another connection.
 */
public final class ConnectionSetup {
    private static final int HIGHEST_PORT = 65535;

    private final @Nullable SocketAddress address;
    private final String host;
    private final int port;
    private final Map<SocketOption<?>, Object> options = new LinkedHashMap<>();
    private @Nullable SocketAddress local;
    private long timeout;

    /** One that is not resolved is looked up by each {@link #connect}. */
    ConnectionSetup(SocketAddress address) {
        boolean isName = address instanceof InetSocketAddress inet && inet.isUnresolved();
        this.address = isName ? null : address;
        this.host = address instanceof InetSocketAddress inet ? inet.getHostString() : "";
        this.port = address instanceof InetSocketAddress inet ? inet.getPort() : 0;
        if (!isName) {
            int ignored = SocketAddresses.domain(address); // or it is no address that can be connected to
        }
    }

    ConnectionSetup(String host, int port) {
        if (port < 1 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("a port is 1 to " + HIGHEST_PORT + ", not " + port);
        }
        this.address = null;
        this.host = host;
        this.port = port;
    }

    /**
     * Bounds the time that {@link #connect} takes, the look-up of a name included. Without it the network decides: TCP
     * gives up after some two minutes ({@code tcp_syn_retries} in tcp(7)), a Unix-domain listener's queue may stay full
     * without end.
     *
     * @param most how long, counted from each {@link #connect}
     * @return this setup
     * @throws IllegalArgumentException if it is not positive
     */
    public ConnectionSetup timeout(Duration most) {
        this.timeout = Copy.positive(most);
        return this;
    }

    /**
     * Sets an option before the connection is made.
     *
     * @param <T> its type
     * @param option as for {@link SocketDescriptor#option}
     * @param value as for {@link SocketDescriptor#setOption}
     * @return this setup
     * @throws UnsupportedOperationException if the option is not known
     */
    public <T> ConnectionSetup option(SocketOption<T> option, T value) {
        SocketOptions.require(option);
        options.put(option, value);
        return this;
    }

    /**
     * Connects from a local address: see bind(2).
     *
     * @param from its port may be 0, for any
     * @return this setup
     */
    public ConnectionSetup from(SocketAddress from) {
        this.local = from;
        return this;
    }

    /**
     * Connects: see connect(2). Blocks the calling thread until the outcome is known, and no carrier thread; a name is
     * looked up on a thread of its own. Ended by the timeout and by interrupt; nothing is left open where it fails.
     *
     * @return the connection, to be closed by the caller
     * @throws IllegalArgumentException if a Unix-domain path is longer than 107 bytes
     * @throws java.net.UnknownHostException if the name has no address
     * @throws java.net.ConnectException ECONNREFUSED, ECONNRESET, or ETIMEDOUT from the network itself. Where a name
     *     has several addresses and none can be connected to, what is thrown is the failure of the first that failed,
     *     with the others suppressed
     * @throws java.net.NoRouteToHostException EHOSTUNREACH, ENETUNREACH
     * @throws java.net.BindException EADDRNOTAVAIL, EADDRINUSE
     * @throws java.net.SocketTimeoutException if it takes longer than the timeout
     * @throws java.io.InterruptedIOException if the thread is interrupted; it stays interrupted
     * @throws java.nio.file.FileSystemException any other error: ENOENT, EACCES and the like for a Unix-domain path;
     *     EMFILE or ENFILE if there are too many descriptors; what an option is refused with
     */
    public Connection connect() throws IOException {
        long until = timeout == 0 ? Deadline.NONE : Deadline.after(timeout);
        @Nullable SocketAddress known = address;
        return new Connection(
                known != null
                        ? Connecting.connect(known, Constants.SOCK_STREAM, local, options, until)
                        : HappyEyeballs.connect(
                                host,
                                port,
                                until,
                                one -> Connecting.connect(one, Constants.SOCK_STREAM, local, options, until)));
    }
}
