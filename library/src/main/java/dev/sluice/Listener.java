// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.net.Accepting;
import dev.sluice.internal.net.SocketFile;
import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A socket that accepts connections: see listen(2).
 *
 * {@snippet file="dev/sluice/snippets/Snippets.java" region="listener" :
 * try (Listener listener = Listener.open(new InetSocketAddress("localhost", 7))) {
 *     for (;;) {
 *         Connection connection = listener.accept();
 *         Thread.startVirtualThread(() -> serve(connection));
 *     }
 * }
 * }
 *
 * <p>It has no bytes: to read or write it throws {@link java.nio.channels.NonReadableChannelException} or {@link
 * java.nio.channels.NonWritableChannelException}, and so do the deadlines of reads and writes: it has one of its own,
 * {@link #setAcceptDeadline}. Any number of threads may accept; one does at a time, and the others queue for their
 * turn.
 *
 * <p>At the close the kernel resets connections that nobody has accepted yet, unless another process has the socket
 * too.
 *
 * <p>The file of a Unix-domain listener is removed when the listener is closed, if it is still the one that was made
 * here; and one that a dead process has left at the path is replaced. A file of anybody else is never removed.
 */
public final class Listener extends SocketDescriptor {
    private final @Nullable SocketFile file;

    Listener(OpenDescriptor open, @Nullable SocketFile file) {
        super(open);
        this.file = file;
    }

    /**
     * Listens: {@link #at} with no settings.
     *
     * @param address where; a port of 0 lets the kernel choose, and {@link #localAddress} tells. The wildcard address
     *     of either family takes IPv4 and IPv6
     * @return the listener, to be closed by the caller
     * @throws IllegalArgumentException as {@link #at} and {@link ListenerSetup#open}
     * @throws IOException as {@link ListenerSetup#open}
     */
    public static Listener open(SocketAddress address) throws IOException {
        return at(address).open();
    }

    /**
     * Begins a listener: for settings, and then {@link ListenerSetup#open}. Does nothing yet.
     *
     * @param address as for {@link #open}
     * @return its settings
     * @throws IllegalArgumentException if the address is not resolved, or of no known kind
     */
    public static ListenerSetup at(SocketAddress address) {
        return new ListenerSetup(address);
    }

    /**
     * Takes over a listening stream socket that this process inherited. It becomes O_NONBLOCK, for every process that
     * has it: a socket cannot be opened anew.
     *
     * @param fd its number; as with {@link Descriptor#adopt}, 0, 1 and 2 stay open until the close, and refer to
     *     /dev/null after it
     * @return its only owner from now on
     * @throws java.nio.file.FileSystemException EBADF if nothing is open there, ENOTSOCK if it does not listen; what is
     *     there is closed then, if it is a socket of another kind
     * @throws IOException if it cannot be looked at
     */
    public static Listener adopt(int fd) throws IOException {
        return adopt(fd, Listener.class, "not a listening socket");
    }

    /**
     * Accepts a connection: waits for one, see accept(2). Ended by interrupt, by close and by the accept deadline, as
     * {@link Descriptor} says; none of them loses a connection, which stays queued.
     *
     * <p>A connection that ended before it was accepted is passed over. Where this process or the machine has no
     * descriptor left (EMFILE, ENFILE) or no memory, the connection stays queued: that is logged as a warning, and it
     * is tried again from time to time until it succeeds.
     *
     * @return the connection, to be closed by the caller
     * @throws java.io.InterruptedIOException if the thread is interrupted; it stays interrupted
     * @throws java.net.SocketTimeoutException if the accept deadline has passed
     * @throws java.nio.channels.ClosedChannelException if the listener is closed, {@link
     *     java.nio.channels.AsynchronousCloseException} during the wait
     * @throws java.nio.file.FileSystemException any other error, such as EPERM by a firewall's rule
     */
    public Connection accept() throws IOException {
        try {
            return new Connection(Accepting.accept(internal(), Kind.STREAM_SOCKET));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Sets the moment by which accepts end, so far from now, for those under way too: as {@link #setReadDeadline}.
     *
     * @param fromNow a duration; none or less has passed already
     * @throws IOException if the listener is closed
     */
    public void setAcceptDeadline(Duration fromNow) throws IOException {
        setDeadline(internal().acceptSide(), Deadline.after(nanos(fromNow)));
    }

    /**
     * Lets accepts wait without end again.
     *
     * @throws IOException if the listener is closed
     */
    public void clearAcceptDeadline() throws IOException {
        setDeadline(internal().acceptSide(), Deadline.NONE);
    }

    /**
     * Leaves the file of a Unix-domain listener where it is when this one is closed, since another process serves it:
     * for one that was handed over. Without effect where there is no file, or after the close. Does not wait.
     */
    public void keepFile() {
        if (file != null) {
            file.keep();
        }
    }
}
