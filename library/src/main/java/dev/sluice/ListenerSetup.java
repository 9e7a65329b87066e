// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.SocketAddresses;
import dev.sluice.internal.net.Listening;
import dev.sluice.internal.net.SocketOptions;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A listener that is to be opened: see {@link Listener#at}. Not for several threads at once.
 */
public final class ListenerSetup {
    /** As many as the kernel allows: it takes the lesser of this and {@code net.core.somaxconn}, 4,096 by default. */
    static final int BACKLOG = 1 << 16;

    private final SocketAddress address;
    private final Map<SocketOption<?>, Object> options = new LinkedHashMap<>();
    private @Nullable ProtocolFamily family;
    private int backlog = BACKLOG;
    private int mode = -1;

    ListenerSetup(SocketAddress address) {
        int ignored = SocketAddresses.domain(address); // or it is no address that can be bound
        this.address = address;
    }

    /**
     * Sets an option before the socket is bound. Connections that are accepted inherit most of them. SO_REUSEADDR is on
     * from the start.
     *
     * @param <T> its type
     * @param option as for {@link SocketDescriptor#option}
     * @param value as for {@link SocketDescriptor#setOption}
     * @return this setup
     * @throws UnsupportedOperationException if the option is not known
     */
    public <T> ListenerSetup option(SocketOption<T> option, T value) {
        SocketOptions.require(option);
        options.put(option, value);
        return this;
    }

    /**
     * Takes one family alone, where the wildcard address takes both.
     *
     * @param only {@link StandardProtocolFamily#INET} or {@link StandardProtocolFamily#INET6}
     * @return this setup
     */
    public ListenerSetup family(StandardProtocolFamily only) {
        this.family = only;
        return this;
    }

    /**
     * Bounds how many connections may wait to be accepted; without it, as many as the kernel allows. See listen(2).
     *
     * @param connections at least 1
     * @return this setup
     * @throws IllegalArgumentException if it is less
     */
    public ListenerSetup backlog(int connections) {
        if (connections < 1) {
            throw new IllegalArgumentException("a backlog of " + connections);
        }
        this.backlog = connections;
        return this;
    }

    /**
     * Sets the permissions that the file of a Unix-domain listener has from the moment it is made, less the umask. To
     * connect, one needs to be allowed to write it.
     *
     * @param permissions such as owner's read and write; without this they are 0777 less the umask
     * @return this setup
     */
    public ListenerSetup permissions(Set<PosixFilePermission> permissions) {
        this.mode = Permissions.mode(new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}, 0);
        return this;
    }

    /**
     * Binds and listens: see bind(2), listen(2). Waits for nothing, but where the address is a Unix-domain path, for
     * half a second at most, for other processes that bind in the same folder at this moment (flock(2)). Each call
     * opens another listener.
     *
     * @return the listener, to be closed by the caller
     * @throws java.net.BindException EADDRINUSE if somebody listens there, or anything but a dead process's socket lies
     *     at the path; EADDRNOTAVAIL if the address is not this machine's
     * @throws java.nio.file.AccessDeniedException EACCES: a port below 1024 without the right to it, or a folder
     * @throws java.nio.file.FileSystemException any other error: ENOENT for a path whose folder is missing;
     *     EMFILE or ENFILE if there are too many descriptors; what an option is refused with
     * @throws IllegalArgumentException if a Unix-domain path is longer than 107 bytes
     */
    public Listener open() throws IOException {
        Listening.Bound bound = Listening.listen(
                address, Constants.SOCK_STREAM, new Listening.Settings(options, family, backlog, mode));
        return new Listener(bound.socket(), bound.file());
    }
}
