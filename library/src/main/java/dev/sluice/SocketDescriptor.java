// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.net.Receiving;
import dev.sluice.internal.net.SocketOptions;
import dev.sluice.internal.net.Sockets;
import dev.sluice.internal.poll.Adoption;
import dev.sluice.internal.poll.OpenDescriptor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;

/**
 * A descriptor that is a socket: TCP over IPv4 and IPv6 (ip(7), ipv6(7), tcp(7)), or of the Unix domain (unix(7)).
 *
 * <p>Addresses are the JDK's: {@link java.net.InetSocketAddress} and {@link java.net.UnixDomainSocketAddress}. A
 * Unix-domain address that begins with {@code @} is an abstract name, which lives in the kernel and makes no file; a
 * file of such a name is written {@code ./@name}. A socket that has no name has the empty path.
 */
public abstract sealed class SocketDescriptor extends Descriptor
        permits Connection, Listener, MessageSocket, MessageListener {
    SocketDescriptor(OpenDescriptor open) {
        super(open);
    }

    /**
     * Adopts a socket, which becomes O_NONBLOCK, if it is of the type; one of another type is closed.
     *
     * @param otherwise what the exception says of it
     */
    static <T extends SocketDescriptor> T adopt(int fd, Class<T> type, String otherwise) throws IOException {
        Descriptor adopted = of(Adoption.adoptSocket(fd));
        if (type.isInstance(adopted)) {
            return type.cast(adopted);
        }
        adopted.close();
        throw Failures.of("adopt", "fd " + fd, Errno.ENOTSOCK, otherwise);
    }

    static List<OpenDescriptor> internals(List<Descriptor> descriptors) {
        return descriptors.stream().map(Descriptor::internal).toList();
    }

    static List<Descriptor> owned(List<OpenDescriptor> descriptors) {
        return descriptors.stream().map(Descriptor::of).toList();
    }

    /** For those that have a peer: see {@link Connection#peerAddress}. */
    final SocketAddress addressOfPeer() throws IOException {
        try {
            return Sockets.peerAddress(internal());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** The same: see {@link Connection#peerCredentials}. */
    final Credentials credentialsOfPeer() throws IOException {
        try {
            int[] processUserGroup = Sockets.peerCredentials(internal());
            return new Credentials(processUserGroup[0], processUserGroup[1], processUserGroup[2]);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** The same: see {@link Connection#shutdownWrite}. */
    final void endWriting() throws IOException {
        try {
            Sockets.shutdownWrite(internal());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** The same: see {@link Connection#receive}. Who calls it becomes the owner of the descriptors. */
    final Receiving.Arrival arrival(ByteBuffer buffer, int mostDescriptors) throws IOException {
        if (buffer.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        try {
            Receiving.Arrival arrival =
                    Receiving.receive(internal(), MemorySegment.ofBuffer(buffer), mostDescriptors);
            buffer.position(buffer.position() + Math.max(0, arrival.bytes()));
            return arrival;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * {@return the address that it is bound to} Where the port was 0, it is the one that the kernel chose. See
     * getsockname(2).
     *
     * @throws IOException if the socket is closed
     */
    public SocketAddress localAddress() throws IOException {
        try {
            return Sockets.localAddress(internal());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * {@return the value of an option} See getsockopt(2).
     *
     * @param <T> its type
     * @param option of {@link java.net.StandardSocketOptions} (but for multicast), of {@link LinuxSocketOptions}, or of
     *     {@code jdk.net.ExtendedSocketOptions} the keep-alive times and TCP_QUICKACK
     * @throws UnsupportedOperationException if it is any other
     * @throws java.nio.file.FileSystemException what the kernel says: EOPNOTSUPP or ENOPROTOOPT where a socket of this
     *     kind has no such option
     * @throws IOException if the socket is closed
     */
    public <T> T option(SocketOption<T> option) throws IOException {
        try {
            return SocketOptions.get(internal(), option);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Sets an option: see setsockopt(2). The kernel doubles a size of SO_SNDBUF and SO_RCVBUF, and tells the double.
     *
     * @param <T> its type
     * @param option as for {@link #option}
     * @param value for SO_LINGER the seconds, negative for off
     * @throws UnsupportedOperationException if the option is not known
     * @throws java.nio.file.FileSystemException what the kernel says, such as EINVAL for a value that it does not take
     * @throws IOException if the socket is closed
     */
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        try {
            SocketOptions.set(internal(), option, value);
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
