// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where clients, the proxy and the server live, and how they reach each other. */
final class Place implements AutoCloseable {
    /** The kinds of places. */
    enum Kind {
        /** All on the loopback address. */
        LOOPBACK,
        /** Client and server at one end of a wire, and the proxy at its other end. */
        WIRE,
        /** All by Unix-domain sockets. */
        UNIX;

        Place open() throws Exception {
            return switch (this) {
                case LOOPBACK -> loopback();
                case WIRE -> wired();
                case UNIX -> unix();
            };
        }
    }

    private final List<AutoCloseable> open = new ArrayList<>();
    private final @Nullable VethPair wire;
    private final String listen;
    private final ServerSocketChannel server;
    private @Nullable SocketAddress proxy;

    private Place(@Nullable VethPair wire, String listen, ServerSocketChannel server) {
        this.wire = wire;
        this.listen = listen;
        this.server = server;
        open.add(server);
    }

    private static Place loopback() throws IOException {
        InetAddress address = InetAddress.getLoopbackAddress();
        ServerSocketChannel server = listen(new InetSocketAddress(address, 0));
        return new Place(null, "tcp:" + address.getHostAddress() + ":0", server);
    }

    static Place wired() throws Exception {
        VethPair wire = VethPair.open();
        ServerSocketChannel server = wire.left().call(() -> listen(new InetSocketAddress(VethPair.LEFT, 0)));
        Place place = new Place(wire, "tcp:" + VethPair.RIGHT + ":0", server);
        place.open.add(wire);
        return place;
    }

    private static Place unix() throws IOException {
        TemporaryFolder folder = new TemporaryFolder("sluice-unix");
        Path path = folder.path();
        ServerSocketChannel server = listen(UnixDomainSocketAddress.of(path.resolve("server")));
        Place place = new Place(null, "unix:" + path.resolve("proxy"), server);
        place.open.add(() -> {
            Files.deleteIfExists(path.resolve("server"));
            Files.deleteIfExists(path.resolve("proxy"));
            folder.close();
        });
        return place;
    }

    private static ServerSocketChannel listen(SocketAddress address) throws IOException {
        return address instanceof UnixDomainSocketAddress
                ? ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address)
                : ServerSocketChannel.open(StandardProtocolFamily.INET).bind(address);
    }

    /** Starts the proxy in front of the server. */
    RunningProxy start(String... options) throws IOException {
        List<String> prefix = wire == null ? List.of() : wire.right().prefix();
        RunningProxy started = RunningProxy.start(prefix, listen, notation(server.getLocalAddress()), options);
        proxy = address(started.address());
        return started;
    }

    private static String notation(SocketAddress address) {
        return address instanceof InetSocketAddress tcp
                ? "tcp:" + tcp.getAddress().getHostAddress() + ":" + tcp.getPort()
                : "unix:" + address;
    }

    private static SocketAddress address(String notation) {
        String[] parts = notation.split(":", -1);
        return parts[0].equals("unix")
                ? UnixDomainSocketAddress.of(parts[1])
                : new InetSocketAddress(parts[1], Integer.parseInt(parts[2]));
    }

    /** Connects to the proxy that was started. */
    SocketChannel connect() throws Exception {
        SocketAddress address = Objects.requireNonNull(proxy);
        return wire == null ? SocketChannel.open(address) : wire.left().call(() -> SocketChannel.open(address));
    }

    /** Takes the connection that the proxy makes. */
    SocketChannel accept() throws IOException {
        return server.accept();
    }

    /** Connects through the proxy to the server. */
    Relayed relayed() throws Exception {
        return new Relayed(connect(), accept());
    }

    /** The wire, where there is one. */
    VethPair wire() {
        if (wire == null) {
            throw new IllegalStateException("there is no wire here");
        }
        return wire;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }
}
