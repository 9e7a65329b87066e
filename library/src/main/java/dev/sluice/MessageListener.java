// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.net.Accepting;
import dev.sluice.internal.net.Listening;
import dev.sluice.internal.net.SocketFile;
import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.UnixDomainSocketAddress;
import java.nio.file.attribute.FileAttribute;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A socket of the Unix domain that accepts {@link MessageSocket}s of the type SEQPACKET. All else is as with a {@link
 * Listener}: it has no bytes, and its file is removed when it is closed, if it is its own.
 */
public final class MessageListener extends SocketDescriptor {
    private final @Nullable SocketFile file;

    MessageListener(OpenDescriptor open, @Nullable SocketFile file) {
        super(open);
        this.file = file;
    }

    /**
     * Listens: see bind(2), listen(2). Waits as {@link ListenerSetup#open} does.
     *
     * @param address a path, or an abstract name
     * @param attributes the permissions of the file, as {@link
     *     java.nio.file.attribute.PosixFilePermissions#asFileAttribute} gives them, less the umask; 0777 without any.
     *     To connect, one needs to be allowed to write it
     * @return the listener, to be closed by the caller
     * @throws IOException as {@link ListenerSetup#open}
     * @throws IllegalArgumentException if the path is longer than 107 bytes
     */
    public static MessageListener open(UnixDomainSocketAddress address, FileAttribute<?>... attributes)
            throws IOException {
        Listening.Settings settings = new Listening.Settings(
                Map.of(), null, ListenerSetup.BACKLOG, Permissions.mode(attributes, -1));
        Listening.Bound bound = Listening.listen(address, Constants.SOCK_SEQPACKET, settings);
        return new MessageListener(bound.socket(), bound.file());
    }

    /**
     * Takes over a listening SEQPACKET socket that this process inherited: as {@link Listener#adopt}.
     *
     * @param fd its number
     * @return its only owner from now on
     * @throws java.nio.file.FileSystemException EBADF if nothing is open there, ENOTSOCK if it is no such socket; what
     *     is there is closed then, if it is a socket of another kind
     * @throws IOException if it cannot be looked at
     */
    public static MessageListener adopt(int fd) throws IOException {
        return adopt(fd, MessageListener.class, "not a listening socket with messages");
    }

    /**
     * Accepts a connection: waits for one, and is ended, as {@link Listener#accept}.
     *
     * @return the connection, to be closed by the caller
     * @throws IOException as {@link Listener#accept}
     */
    public MessageSocket accept() throws IOException {
        try {
            return new MessageSocket(Accepting.accept(internal(), Kind.MESSAGE_SOCKET), null);
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

    /** Leaves the file where it is when this listener is closed: as {@link Listener#keepFile}. */
    public void keepFile() {
        if (file != null) {
            file.keep();
        }
    }
}
