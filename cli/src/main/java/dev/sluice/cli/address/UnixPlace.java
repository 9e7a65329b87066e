// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Connection;
import dev.sluice.ConnectionSetup;
import dev.sluice.Listener;
import dev.sluice.ListenerSetup;
import dev.sluice.cli.Fault;
import dev.sluice.cli.UsageException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A path, or an abstract name that begins with {@code @}: see unix(7).
 *
 * @param permissions that the file of a listener gets, less the umask; null for all that the umask leaves
 */
public record UnixPlace(
        String text,
        Path path,
        @Nullable Set<PosixFilePermission> permissions) implements SocketPlace {
    /** sun_path of struct sockaddr_un, less the NUL at its end. */
    private static final int MOST_BYTES = 107;

    private static final String ABSTRACT = "@";

    /** Reads where to connect to, from what stands behind the scheme. */
    static UnixPlace target(String text, String rest) {
        return of(text, AddressOptions.split(text, rest, Set.of(), "a socket to connect to"));
    }

    /** Reads where to listen, {@code PATH?mode=0600}, from what stands behind the scheme. */
    public static UnixPlace listening(String text, String rest) {
        return of(text, AddressOptions.split(text, rest, Set.of("mode="), "a socket that listens"));
    }

    /** Reads it from words that have been taken apart. */
    static UnixPlace of(String text, AddressOptions options) {
        String path = options.before();
        if (path.equals(ABSTRACT)) {
            // To the kernel that is a name like any other, of no bytes: a slip of the keyboard, and not what was meant.
            throw new UsageException(text + " lacks a name behind the @, as in unix:@name");
        }
        if (path.startsWith(ABSTRACT) && options.has("mode")) {
            throw new UsageException(text + ": an abstract name makes no file that ?mode= could be of");
        }
        return new UnixPlace(text, AddressParser.path(text, path), options.permissions("mode"));
    }

    @Override
    public ConnectionSetup connection() throws IOException {
        return Connection.to(address("connect"));
    }

    @Override
    public ListenerSetup listener() throws IOException {
        ListenerSetup setup = Listener.at(address("bind"));
        return permissions == null ? setup : setup.permissions(permissions);
    }

    private UnixDomainSocketAddress address(String call) throws IOException {
        int bytes = path.toString().getBytes(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"))).length;
        if (bytes > MOST_BYTES) {
            throw new Fault(call + " unix " + path + ": ENAMETOOLONG (File name too long), a socket's path has "
                    + MOST_BYTES + " bytes at most");
        }
        return UnixDomainSocketAddress.of(path);
    }

    @Override
    public String textOf(Listener listener) {
        return "unix:" + path + (path.toString().indexOf('?') < 0 ? "" : "?");
    }
}
