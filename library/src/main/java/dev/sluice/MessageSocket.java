// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.net.Connecting;
import dev.sluice.internal.net.Listening;
import dev.sluice.internal.net.Receiving;
import dev.sluice.internal.net.Sending;
import dev.sluice.internal.net.SocketFile;
import dev.sluice.internal.net.Sockets;
import dev.sluice.internal.poll.Buffers;
import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.attribute.FileAttribute;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A socket of the Unix domain whose messages have boundaries: what one send has sent, one receive receives, whole. See
 * unix(7).
 *
 * {@snippet file="dev/sluice/snippets/Snippets.java" region="message" :
 * try (MessageSocket.Pair pair = MessageSocket.pair(MessageSocket.Type.SEQPACKET)) {
 *     pair.one().send(message, List.of(file)); // the other process reads from the same open file
 *     try (ReceivedMessage received = pair.other().receive(buffer, 1)) {
 *         Copy.from(received.descriptors().getFirst()).to(output).run();
 *     }
 * }
 * }
 *
 * <p>There are two types. A {@link Type#SEQPACKET} socket is connected, by {@link #pair}, {@link #connect} or {@link
 * MessageListener#accept}, and its connection has an end. A {@link Type#DATAGRAM} socket is bound, to receive from
 * anybody, or not, or joined to one peer; and never hears that a peer has gone, but for a send that fails with
 * ECONNREFUSED. In the Unix domain neither loses a message, nor the order: who sends waits for room.
 *
 * <p>A message of no bytes is a message. A plain {@link #read} answers 0 for it, -1 at the end, and else one message at
 * a time: what its buffer has no room for is lost without a word, where {@link #receive} tells. A plain {@link #write}
 * is one message. One that is longer than the socket's send buffer takes (SO_SNDBUF, some 200 KB unless set) is refused
 * with EMSGSIZE. The last message of a connection, if it has no bytes, is told from the end only if it is received
 * before the peer has gone.
 *
 * <p>A {@link Copy} from one never splits or splices a message, and passes over those of no bytes; to another message
 * socket it passes on each whole.
 *
 * <p>An inherited UDP socket is a message socket too: see {@link #adopt}.
 */
public final class MessageSocket extends SocketDescriptor {
    private final @Nullable SocketFile file;

    MessageSocket(OpenDescriptor open, @Nullable SocketFile file) {
        super(open);
        this.file = file;
    }

    /** The types of message sockets: see socket(2). */
    public enum Type {
        /** SOCK_SEQPACKET: connected, with an end. */
        SEQPACKET(Constants.SOCK_SEQPACKET),
        /** SOCK_DGRAM: messages from and to anybody. */
        DATAGRAM(Constants.SOCK_DGRAM);

        private final int number;

        Type(int number) {
            this.number = number;
        }
    }

    /**
     * Two message sockets, joined to each other.
     *
     * @param one either end
     * @param other what one sends, it receives
     */
    public record Pair(MessageSocket one, MessageSocket other) implements AutoCloseable {
        /** Closes both. */
        @Override
        public void close() throws IOException {
            Received.closeAll(List.of(one, other));
        }
    }

    /**
     * Makes two that are joined to each other: see socketpair(2). Does not wait.
     *
     * @param type of both
     * @return both, to be closed by the caller
     * @throws java.nio.file.FileSystemException EMFILE or ENFILE if there are too many descriptors
     */
    public static Pair pair(Type type) throws IOException {
        OpenDescriptor[] pair = Sockets.pair(Kind.MESSAGE_SOCKET, type.number);
        return new Pair(new MessageSocket(pair[0], null), new MessageSocket(pair[1], null));
    }

    /**
     * Connects to a {@link MessageListener}, and waits without end for room in its queue.
     *
     * @param address the listener's
     * @return a {@link Type#SEQPACKET} socket, to be closed by the caller
     * @throws IllegalArgumentException if the path is longer than 107 bytes
     * @throws IOException as {@link #connect(UnixDomainSocketAddress, Duration)}
     */
    public static MessageSocket connect(UnixDomainSocketAddress address) throws IOException {
        return connect(address, Deadline.NONE);
    }

    /**
     * Connects to a {@link MessageListener}, and waits for so long at most for room in its queue. Nothing is left open
     * where it fails. See connect(2).
     *
     * @param address the listener's
     * @param atMost how long
     * @return a {@link Type#SEQPACKET} socket, to be closed by the caller
     * @throws IllegalArgumentException if the duration is not positive, or the path is longer than 107 bytes
     * @throws java.net.ConnectException ECONNREFUSED if nobody listens
     * @throws java.net.SocketTimeoutException if it takes longer
     * @throws java.io.InterruptedIOException if the thread is interrupted; it stays interrupted
     * @throws java.nio.file.FileSystemException any other error: ENOENT, EACCES, EPROTOTYPE if a socket of another type
     *     is bound there
     */
    public static MessageSocket connect(UnixDomainSocketAddress address, Duration atMost) throws IOException {
        return connect(address, Deadline.after(Copy.positive(atMost)));
    }

    private static MessageSocket connect(SocketAddress address, long until) throws IOException {
        return new MessageSocket(
                Connecting.connect(address, Constants.SOCK_SEQPACKET, null, Map.of(), until), null);
    }

    /**
     * Makes a datagram socket that receives what is sent to an address: see bind(2). Its file is removed when it is
     * closed, if it is still the one that was made here; one that a dead process has left there is replaced, and nobody
     * else's is. Waits as {@link ListenerSetup#open} does.
     *
     * @param address a path, or an abstract name; the empty path lets the kernel choose an abstract name
     * @param attributes the permissions of the file, as {@link
     *     java.nio.file.attribute.PosixFilePermissions#asFileAttribute} gives them, less the umask; 0777 without any.
     *     To send to it, one needs to be allowed to write it
     * @return a {@link Type#DATAGRAM} socket, to be closed by the caller
     * @throws java.net.BindException EADDRINUSE, as {@link ListenerSetup#open}
     * @throws java.nio.file.FileSystemException any other error: ENOENT, EACCES
     * @throws IllegalArgumentException if the path is longer than 107 bytes
     */
    public static MessageSocket bind(UnixDomainSocketAddress address, FileAttribute<?>... attributes)
            throws IOException {
        Listening.Settings settings =
                new Listening.Settings(Map.of(), null, 0, Permissions.mode(attributes, -1));
        Listening.Bound bound = Listening.bindDatagram(address, settings);
        return new MessageSocket(bound.socket(), bound.file());
    }

    /**
     * {@return a datagram socket that has no address, and so can only send} To be closed by the caller. See {@link
     * #join} and {@link #sendTo}.
     *
     * @throws java.nio.file.FileSystemException EMFILE or ENFILE if there are too many descriptors
     */
    public static MessageSocket datagram() throws IOException {
        return new MessageSocket(Sockets.datagram(), null);
    }

    /**
     * Takes over a socket with boundaries that this process inherited: of the Unix domain, or UDP. It becomes
     * O_NONBLOCK, for every process that has it: a socket cannot be opened anew.
     *
     * @param fd its number; as with {@link Descriptor#adopt}, 0, 1 and 2 stay open until the close, and refer to
     *     /dev/null after it
     * @return its only owner from now on
     * @throws java.nio.file.FileSystemException EBADF if nothing is open there, ENOTSOCK if it is no such socket; what
     *     is there is closed then, if it is a socket of another kind
     */
    public static MessageSocket adopt(int fd) throws IOException {
        return adopt(fd, MessageSocket.class, "not a socket with messages");
    }

    /**
     * Joins a datagram socket to a peer: {@link #send} goes there, and nothing is received from anybody else. See
     * connect(2). Does not wait.
     *
     * @param peer an address that a datagram socket is bound to
     * @throws java.net.ConnectException ECONNREFUSED if the socket there is closed
     * @throws java.nio.file.FileSystemException any other error: ENOENT, EACCES; EISCONN on a connected socket
     * @throws IOException if the socket is closed
     */
    public void join(SocketAddress peer) throws IOException {
        try {
            Sockets.join(internal(), peer);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Sends all that remains in the buffer as one message, also if that is nothing. Waits for room.
     *
     * @param message the bytes
     * @throws IOException as {@link #send(ByteBuffer, List)}
     */
    public void send(ByteBuffer message) throws IOException {
        send(message, List.of());
    }

    /**
     * Sends one message, with descriptors: as {@link Connection#send}, but it may have no bytes, and goes as a whole or
     * not at all. Waits for room; ended by interrupt, close and the write deadline, and nothing has been sent then. See
     * sendmsg(2).
     *
     * @param message the bytes: all that remains
     * @param descriptors what is passed, in this order; 253 at most
     * @throws IllegalArgumentException if there are more; nothing is sent
     * @throws java.nio.channels.ClosedChannelException if this socket or one of the descriptors is closed
     * @throws java.nio.file.FileSystemException EMSGSIZE if the message is too long, EPIPE if the peer has gone,
     *     ECONNREFUSED likewise for a datagram, ENOTCONN if there is none; EOPNOTSUPP for descriptors by UDP
     * @throws IOException as {@link Descriptor} says; nothing has been sent then
     */
    public void send(ByteBuffer message, List<? extends Descriptor> descriptors) throws IOException {
        sendTo(message, null, descriptors);
    }

    /**
     * Sends one message by a datagram socket to whomever. Waits for room in that one's queue.
     *
     * @param message the bytes: all that remains
     * @param receiver an address that a datagram socket is bound to
     * @throws IOException as {@link #sendTo(ByteBuffer, SocketAddress, List)}
     */
    public void sendTo(ByteBuffer message, SocketAddress receiver) throws IOException {
        sendTo(message, Objects.requireNonNull(receiver), List.of());
    }

    /**
     * Sends one message by a datagram socket to whomever, with descriptors: as {@link #send(ByteBuffer, List)}.
     *
     * @param message the bytes: all that remains
     * @param receiver an address that a datagram socket is bound to; null for the peer that it is joined to
     * @param descriptors what is passed, in this order; 253 at most
     * @throws java.nio.file.FileSystemException ENOENT if there is no such address, ECONNREFUSED if its socket is
     *     closed, EISCONN or EOPNOTSUPP on a connected socket
     * @throws IOException as {@link #send(ByteBuffer, List)}
     */
    public void sendTo(ByteBuffer message, @Nullable SocketAddress receiver, List<? extends Descriptor> descriptors)
            throws IOException {
        List<Descriptor> passed = List.copyOf(descriptors);
        try {
            Sending.sendMessage(internal(), MemorySegment.ofBuffer(message), internals(passed), receiver);
            message.position(message.limit());
        } finally {
            Reference.reachabilityFence(this);
            Reference.reachabilityFence(passed);
        }
    }

    /**
     * Receives one message, as {@link #receive(ByteBuffer, int)} does, and closes descriptors that come with it.
     *
     * @param buffer takes its bytes, at its position; what it has no room for is lost
     * @return what came
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only; nothing is taken
     * @throws IOException as {@link Descriptor} says
     */
    public ReceivedMessage receive(ByteBuffer buffer) throws IOException {
        return receive(buffer, 0);
    }

    /**
     * Receives one message, and descriptors that come with it, whose types and owner are as {@link Connection#receive}
     * says. Waits for a message, or the end of the connection; ended by interrupt, close and the read deadline, and no
     * message is lost then. See recvmsg(2).
     *
     * @param buffer takes its bytes, at its position; what it has no room for is lost
     * @param mostDescriptors how many to take, 0 to 253
     * @return what came. If this method throws, no descriptor is left open
     * @throws IllegalArgumentException if the number is out of range
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only; nothing is taken
     * @throws java.nio.file.FileSystemException as {@link Connection#receive}
     * @throws IOException as {@link Descriptor} says
     */
    public ReceivedMessage receive(ByteBuffer buffer, int mostDescriptors) throws IOException {
        Receiving.Arrival arrival = arrival(buffer, mostDescriptors);
        return new ReceivedMessage(
                arrival.bytes(),
                arrival.length(),
                Objects.requireNonNullElse(arrival.sender(), UnixDomainSocketAddress.of("")),
                owned(arrival.descriptors()),
                arrival.descriptorsLost());
    }

    /**
     * Receives one message, as the class description says; if the buffer has no room, returns 0 at once.
     *
     * @return how many of its bytes are in the buffer now; -1 at the end of a connection
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only; nothing is taken
     * @throws IOException as {@link Descriptor} says
     */
    @Override
    public int read(ByteBuffer buffer) throws IOException {
        return buffer.remaining() <= Buffers.SIZE ? super.read(buffer) : receive(buffer).bytes();
    }

    /**
     * Sends all that remains in the buffer as one message, as {@link #send(ByteBuffer)} does.
     *
     * @return how many bytes: all
     * @throws IOException as {@link #send(ByteBuffer, List)}
     */
    @Override
    public int write(ByteBuffer buffer) throws IOException {
        int length = buffer.remaining();
        if (length > 0 && length <= Buffers.SIZE) {
            return super.write(buffer);
        }
        send(buffer);
        return length;
    }

    /** Receives one message into several buffers, in order; if they have no room, returns 0 at once. */
    @Override
    public long read(ByteBuffer[] buffers, int offset, int length) throws IOException {
        return MessageVectors.read(this, buffers, offset, length);
    }

    /** Sends all that remains in several buffers, in order, as one message. */
    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
        return MessageVectors.write(this, buffers, offset, length);
    }

    /**
     * {@return the address of the peer} Does not wait. See getpeername(2).
     *
     * @throws java.nio.file.FileSystemException ENOTCONN if it is neither connected nor joined
     * @throws IOException if the socket is closed
     */
    public SocketAddress peerAddress() throws IOException {
        return addressOfPeer();
    }

    /**
     * {@return who is at the other end} That is, who connected or listened there, or made the pair, as it was then;
     * does not wait. See SO_PEERCRED in unix(7).
     *
     * @throws java.nio.file.FileSystemException EOPNOTSUPP on a datagram socket that is none of a pair
     * @throws IOException if the socket is closed
     */
    public Credentials peerCredentials() throws IOException {
        return credentialsOfPeer();
    }

    /**
     * Half-closes: nothing more will be sent. The peer of a connection finds the end after all that was sent before.
     * Receiving goes on. Does not wait. See shutdown(2) with SHUT_WR.
     *
     * @throws java.nio.file.FileSystemException ENOTCONN if there is no peer
     * @throws IOException if the socket is closed
     */
    public void shutdownWrite() throws IOException {
        endWriting();
    }

    /**
     * Leaves the file of a bound socket where it is when this one is closed, since another process serves it. Without
     * effect where there is no file, or after the close. Does not wait.
     */
    public void keepFile() {
        if (file != null) {
            file.keep();
        }
    }
}
