// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Connection;
import dev.sluice.ConnectionSetup;
import dev.sluice.Listener;
import dev.sluice.ListenerSetup;
import dev.sluice.cli.Fault;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.Charset;
import java.nio.file.Path;

/** A path, or an abstract name that begins with {@code @}: see unix(7). */
public record UnixPlace(String text, Path path) implements SocketPlace {
    /** sun_path of struct sockaddr_un, less the NUL at its end. */
    private static final int MOST_BYTES = 107;

    /** Reads it from what stands behind the scheme. */
    public static UnixPlace parse(String text, String rest) {
        return new UnixPlace(text, AddressParser.path(text, rest));
    }

    @Override
    public ConnectionSetup connection() throws IOException {
        return Connection.to(address("connect"));
    }

    @Override
    public ListenerSetup listener() throws IOException {
        return Listener.at(address("bind"));
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
        return "unix:" + path;
    }
}
