// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Connection;
import dev.sluice.Descriptor;
import dev.sluice.Listener;
import dev.sluice.MessageListener;
import dev.sluice.MessageSocket;
import dev.sluice.SocketDescriptor;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The sockets that a daemon listens at, by their names: opened here, or passed on by another process. */
final class Sockets {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Map<String, Descriptor> passed;
    private final Map<String, Descriptor> open = new LinkedHashMap<>();

    /** Takes what another process has passed on. */
    Sockets(Map<String, Descriptor> passed) {
        this.passed = new HashMap<>(passed);
    }

    /** Opens the socket that a service is to listen at, unless it was passed on. */
    void open(String name, Daemon.Opening opening) throws IOException {
        Descriptor socket = passed.remove(name);
        open.put(name, socket == null ? opening.open() : as(Listener.class, name, socket));
    }

    /** {@return the socket that a service listens at} */
    Listener listener(String name) {
        return (Listener) Objects.requireNonNull(open.get(name));
    }

    /** {@return the control socket} Its file is for its owner alone. */
    MessageListener control(String name, Path path) throws IOException {
        Descriptor socket = passed.remove(name);
        MessageListener listener = socket == null ? open(path) : as(MessageListener.class, name, socket);
        open.put(name, listener);
        return listener;
    }

    private static MessageListener open(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return MessageListener.open(
                UnixDomainSocketAddress.of(path),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static <T extends Descriptor> T as(Class<T> type, String name, Descriptor socket) throws IOException {
        if (type.isInstance(socket)) {
            return type.cast(socket);
        }
        socket.close();
        throw new IOException("what was passed as " + name + " is of another kind: " + socket);
    }

    /** {@return all that are open, by their names} */
    Map<String, Descriptor> all() {
        return open;
    }

    /** Closes all. Those that another process serves from now on keep their files. */
    void close(boolean handedOver) throws IOException {
        List<Descriptor> closing = new ArrayList<>(open.values());
        closing.addAll(passed.values());
        for (Descriptor each : closing) {
            if (handedOver) {
                keepFile(each);
            }
            @Nullable Path file = handedOver ? null : file(each);
            each.close();
            if (file != null) {
                removeUnlessServed(file, each);
            }
        }
    }

    private static void keepFile(Descriptor listener) {
        switch (listener) {
            case Listener stream -> stream.keepFile();
            case MessageListener messages -> messages.keepFile();
            default -> {}
        }
    }

    private static @Nullable Path file(Descriptor listener) throws IOException {
        if (listener instanceof SocketDescriptor socket) {
            SocketAddress address = socket.localAddress();
            if (address instanceof UnixDomainSocketAddress unix && unix.toString().startsWith("/")) {
                return unix.getPath();
            }
        }
        return null;
    }

    // A listener that was passed on does not know its file, and so leaves it. It is nobody's if it refuses.
    private static void removeUnlessServed(Path file, Descriptor closed) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(file);
        try (Descriptor another = closed instanceof MessageListener
                ? MessageSocket.connect(address, PATIENCE)
                : Connection.to(address).timeout(PATIENCE).connect()) {
            return;
        } catch (ConnectException nobody) {
            Files.deleteIfExists(file);
        } catch (IOException otherwise) {
            return; // it is gone, or not ours to judge
        }
    }
}
