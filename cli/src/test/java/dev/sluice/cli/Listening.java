// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Which addresses are listened at, as /proc shows them: a look disturbs no server, as a connection would. */
final class Listening {
    private static final String LISTEN = "0A";

    private Listening() {}

    /** A port of the loopback address that is free at this moment. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Whether an address is listened at, by whomever.
     *
     * @param process one that lives in the network namespace in question
     * @param address in the notation of the command, {@code tcp:HOST:PORT} or {@code unix:PATH}
     */
    static boolean at(Process process, String address) throws IOException {
        Path tables = Path.of("/proc", String.valueOf(process.pid()), "net");
        if (address.startsWith("unix:")) {
            return !unix(process, address.substring("unix:".length())).isEmpty();
        }
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        return atPort(tables.resolve("tcp"), port) || atPort(tables.resolve("tcp6"), port);
    }

    /** Whether a process listens at a Unix-domain socket of that name, as it has given it to the kernel. */
    static boolean isBy(Process process, String name) throws IOException {
        List<String> open = Processes.open(process);
        return unix(process, name).stream()
                .map(line -> "socket:[" + line.strip().split("\\s+", 8)[6] + "]")
                .anyMatch(open::contains);
    }

    /** The Unix-domain sockets of that name that listen. */
    private static List<String> unix(Process process, String name) throws IOException {
        // The flag is __SO_ACCEPTON: a path alone may be a bound socket that does not listen yet.
        return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "net/unix")).stream()
                .filter(line -> line.endsWith(" " + name) && line.contains(" 00010000 "))
                .toList();
    }

    private static boolean atPort(Path table, int port) throws IOException {
        String ending = String.format(Locale.ROOT, ":%04X", port);
        return Files.readAllLines(table).stream()
                .map(line -> line.strip().split("\\s+", 5))
                .anyMatch(fields -> fields[1].endsWith(ending) && fields[3].equals(LISTEN));
    }
}
