// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.net.Receiving;
import dev.sluice.internal.net.Sending;
import dev.sluice.internal.net.Sockets;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A connected stream socket: TCP, or of the Unix domain. See tcp(7), unix(7).
 *
 * {@snippet file="dev/sluice/snippets/Snippets.java" region="connection" :
 * try (Connection connection = Connection.to("example.org", 80).timeout(Duration.ofSeconds(5)).connect()) {
 *     connection.write(request);
 *     connection.shutdownWrite(); // the peer reads the end, and may answer still
 *     Copy.from(connection).to(file).run();
 * }
 * }
 *
 * <p>A read finds the end when the peer has shut down its writing side or closed. A peer that only half-closed still
 * reads: the kernel tells the two apart no sooner than by the answer to something that is written, which is EPIPE or
 * ECONNRESET (see tcp(7)).
 *
 * <p>TCP connections begin with TCP_NODELAY: what is written goes out at once. Keep-alive is off, as everywhere on
 * Linux; {@link java.net.StandardSocketOptions#SO_KEEPALIVE} and {@link LinuxSocketOptions} find peers that vanished.
 */
public final class Connection extends SocketDescriptor {
    Connection(OpenDescriptor open) {
        super(open);
    }

    /**
     * Two connections, joined to each other.
     *
     * @param one either end
     * @param other what one writes, it reads
     */
    public record Pair(Connection one, Connection other) implements AutoCloseable {
        /** Closes both. */
        @Override
        public void close() throws IOException {
            try (one;
                    other) {
                // both, whatever the first one throws
            }
        }
    }

    /**
     * Connects, and waits for the outcome as long as the network does: {@link #to(SocketAddress)} with no settings.
     *
     * @param address of a listener
     * @return the connection, to be closed by the caller
     * @throws IllegalArgumentException as {@link #to(SocketAddress)} and {@link ConnectionSetup#connect}
     * @throws IOException as {@link ConnectionSetup#connect}
     */
    public static Connection connect(SocketAddress address) throws IOException {
        return to(address).connect();
    }

    /**
     * Connects to a host by its name: {@link #to(String, int)} with no settings.
     *
     * @param host a name, or an address in digits
     * @param port 1 to 65535
     * @return the connection, to be closed by the caller
     * @throws IllegalArgumentException if the port is none
     * @throws IOException as {@link ConnectionSetup#connect}
     */
    public static Connection connect(String host, int port) throws IOException {
        return to(host, port).connect();
    }

    /**
     * Begins a connection: for settings, and then {@link ConnectionSetup#connect}. Does nothing yet.
     *
     * @param address of a listener; one that is not resolved is looked up by {@link ConnectionSetup#connect}, as a name
     *     is
     * @return its settings
     * @throws IllegalArgumentException if the address is of no known kind
     */
    public static ConnectionSetup to(SocketAddress address) {
        return new ConnectionSetup(address);
    }

    /**
     * Begins a connection to a host by its name. Does nothing yet; {@link ConnectionSetup#connect} will race the host's
     * addresses as RFC 8305 says ("happy eyeballs").
     *
     * @param host a name, or an address in digits
     * @param port 1 to 65535
     * @return its settings
     * @throws IllegalArgumentException if the port is none
     */
    public static ConnectionSetup to(String host, int port) {
        return new ConnectionSetup(host, port);
    }

    /**
     * {@return two Unix-domain sockets that are connected to each other} Does not wait. See socketpair(2).
     *
     * @throws java.nio.file.FileSystemException EMFILE or ENFILE if there are too many descriptors
     */
    public static Pair pair() throws IOException {
        OpenDescriptor[] pair = Sockets.pair(Kind.STREAM_SOCKET, Constants.SOCK_STREAM);
        return new Pair(new Connection(pair[0]), new Connection(pair[1]));
    }

    /**
     * Takes over a connected stream socket that this process inherited, as inetd and systemd hand one over. It becomes
     * O_NONBLOCK, for every process that has it: a socket cannot be opened anew.
     *
     * @param fd its number; as with {@link Descriptor#adopt}, 0, 1 and 2 stay open until the close, and refer to
     *     /dev/null after it
     * @return its only owner from now on
     * @throws java.nio.file.FileSystemException EBADF if nothing is open there, ENOTSOCK if it is no stream socket;
     *     what is there is closed then, if it is a socket of another kind
     * @throws IOException if it cannot be looked at
     */
    public static Connection adopt(int fd) throws IOException {
        return adopt(fd, Connection.class, "not a stream socket");
    }

    /**
     * {@return the address of the peer} Does not wait. See getpeername(2).
     *
     * @throws java.nio.file.FileSystemException ENOTCONN after a reset
     * @throws IOException if the connection is closed
     */
    public SocketAddress peerAddress() throws IOException {
        return addressOfPeer();
    }

    /**
     * {@return who is at the other end of a Unix-domain connection} That is, who connected or listened there, as it
     * was then; does not wait. See SO_PEERCRED in unix(7).
     *
     * @throws java.nio.file.FileSystemException EOPNOTSUPP on a TCP connection
     * @throws IOException if the connection is closed
     */
    public Credentials peerCredentials() throws IOException {
        return credentialsOfPeer();
    }

    /**
     * Sends bytes and descriptors over a Unix-domain connection: SCM_RIGHTS of unix(7). All that remains in the buffer
     * is sent, waiting as often as it takes, as {@link #write} does; the descriptors go with its first byte.
     *
     * <p>The receiver gets descriptors of its own for the same open files; those that were passed stay open here, and
     * may be closed as soon as this method returns. They may also be closed while it waits: then it fails. A FIFO's
     * writer that has had no reader yet is waited for.
     *
     * <p>Ended by interrupt, close and the write deadline. See sendmsg(2), cmsg(3).
     *
     * @param data the bytes; at least one if there are descriptors
     * @param descriptors what is passed, in this order; 253 at most
     * @throws IllegalArgumentException if there are more, or no byte for them to go with; nothing is sent
     * @throws java.nio.channels.ClosedChannelException if this connection or one of the descriptors is closed
     * @throws java.nio.file.FileSystemException EOPNOTSUPP on a TCP connection, before anything is sent; ETOOMANYREFS
     *     if more than RLIMIT_NOFILE of this user's descriptors are under way and not received yet
     * @throws IOException as {@link Descriptor} says. Once some bytes have gone, so have the descriptors: the buffer's
     *     position tells, where an interrupt or a deadline was the reason
     */
    public void send(ByteBuffer data, List<? extends Descriptor> descriptors) throws IOException {
        List<Descriptor> passed = List.copyOf(descriptors);
        try {
            Sending.sendStream(internal(), MemorySegment.ofBuffer(data), internals(passed));
            data.position(data.limit());
        } catch (InterruptedIOException cut) {
            data.position(data.position() + cut.bytesTransferred);
            throw cut;
        } finally {
            Reference.reachabilityFence(this);
            Reference.reachabilityFence(passed);
        }
    }

    /**
     * Receives bytes, and the descriptors that came with them. Waits until there is at least one byte, as {@link #read}
     * does; descriptors come with the byte that they were sent with. Where there is room for none, as in every plain
     * read, the kernel closes them.
     *
     * <p>Each descriptor belongs to the caller, and has the type that fits it, as by {@link Descriptor#adopt}: a {@link
     * Connection}, a {@link Listener}, a {@link MessageSocket} and so on. All are close-on-exec from the start. A
     * socket becomes O_NONBLOCK, for every process that has it; a pipe, a FIFO and a terminal are opened anew where
     * that is possible; a file shares its position with the sender.
     *
     * <p>Ended by interrupt, close and the read deadline, and nothing is lost then. See recvmsg(2), cmsg(3).
     *
     * @param buffer takes the bytes, at its position
     * @param mostDescriptors how many to take, 0 to 253
     * @return what came. If this method throws, no descriptor is left open
     * @throws IllegalArgumentException if the number is out of range
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only; nothing is taken
     * @throws java.nio.file.FileSystemException if one of them cannot be used, since it was opened with O_PATH; the
     *     bytes that came with it, and the other descriptors, are lost then
     * @throws IOException as {@link Descriptor} says
     */
    public Received receive(ByteBuffer buffer, int mostDescriptors) throws IOException {
        Receiving.Arrival arrival = arrival(buffer, mostDescriptors);
        return new Received(arrival.bytes(), owned(arrival.descriptors()), arrival.descriptorsLost());
    }

    /**
     * Half-closes: nothing more will be written. The peer reads the end after all that was written before. Reading goes
     * on; a write that follows fails with EPIPE. Does not wait: the kernel sends what was written. See shutdown(2) with
     * SHUT_WR.
     *
     * @throws java.nio.file.FileSystemException ENOTCONN if the peer has gone
     * @throws IOException if the connection is closed
     */
    public void shutdownWrite() throws IOException {
        endWriting();
    }

    /**
     * Half-closes the other direction: a read under way and those that follow find the end, once what is buffered has
     * been read. On a Unix-domain connection the peer's writes fail with EPIPE; a TCP peer is told nothing. Does not
     * wait. See shutdown(2) with SHUT_RD.
     *
     * @throws java.nio.file.FileSystemException ENOTCONN if the peer has gone
     * @throws IOException if the connection is closed
     */
    public void shutdownRead() throws IOException {
        try {
            Sockets.shutdownRead(internal());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Closes so that the peer of a TCP connection sees a reset (ECONNRESET) and takes nothing for complete: what has
     * not been sent is dropped. See SO_LINGER in socket(7). On a Unix-domain connection it is a plain close. If it is
     * closed already nothing happens.
     *
     * @throws IOException as {@link #close}
     */
    public void abort() throws IOException {
        try {
            Sockets.abort(internal());
        } finally {
            close();
        }
    }
}
