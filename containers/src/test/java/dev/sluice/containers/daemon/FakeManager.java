// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.Descriptor;
import dev.sluice.MessageSocket;
import dev.sluice.ReceivedMessage;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Does what systemd does with what sd_notify(3) says: keeps descriptors, and passes them to the next process. */
final class FakeManager implements AutoCloseable {
    /** What sh(1) can redirect: 3 to 9. */
    private static final int MOST = 7;

    private final Path address;
    private final MessageSocket socket;
    private final Map<String, Descriptor> store = new LinkedHashMap<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Thread listening;

    FakeManager(Path address) throws IOException {
        this.address = address;
        this.socket = MessageSocket.bind(UnixDomainSocketAddress.of(address));
        this.listening = Thread.ofVirtual().start(this::listen);
    }

    private void listen() {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try {
            for (;;) {
                ReceivedMessage message = socket.receive(buffer.clear(), 10);
                hear(UTF_8.decode(buffer.flip()).toString(), message.descriptors());
            }
        } catch (ClosedChannelException over) {
            return;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private synchronized void hear(String message, List<Descriptor> descriptors) throws IOException {
        String name = message.lines()
                .filter(line -> line.startsWith("FDNAME="))
                .findFirst()
                .orElse("FDNAME=")
                .substring(7);
        if (message.startsWith("FDSTORE=1\n")) {
            @Nullable Descriptor another = store.put(name, descriptors.getFirst());
            if (another != null) {
                another.close();
            }
        } else if (message.startsWith("FDSTOREREMOVE=1\n")) {
            Descriptor gone = Objects.requireNonNull(store.remove(name), name);
            gone.close();
        }
        heard.add(message.replace('\n', ' '));
    }

    /** {@return all that was said, a message a line} */
    String heard() {
        return String.join("\n", heard);
    }

    /** {@return the names of what is kept} */
    synchronized List<String> stored() {
        return List.copyOf(store.keySet());
    }

    /** Starts a daemon as systemd does, with all that is kept. */
    synchronized RunningDaemon start(Path folder, Path control, String... options) throws IOException {
        if (store.size() > MOST) {
            throw new IllegalStateException("more than sh can pass on: " + store.keySet());
        }
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("NOTIFY_SOCKET", address.toString());
        List<String> redirections = new ArrayList<>();
        for (Descriptor each : store.values()) {
            int number = each.control(fd -> fd);
            int target = 3 + redirections.size();
            redirections.add(target + "<&- " + target + "</proc/" + ProcessHandle.current().pid() + "/fd/" + number);
        }
        if (!store.isEmpty()) {
            environment.put("LISTEN_FDS", String.valueOf(store.size()));
            environment.put("LISTEN_FDNAMES", String.join(":", store.keySet()));
        }
        String script = "exec env LISTEN_PID=$$ \"$@\" " + String.join(" ", redirections);
        return RunningDaemon.launch(List.of("sh", "-c", script, "sh"), environment, folder, control, options);
    }

    @Override
    public void close() throws Exception {
        socket.close();
        listening.join();
        for (Descriptor kept : store.values()) {
            kept.close();
        }
    }
}
