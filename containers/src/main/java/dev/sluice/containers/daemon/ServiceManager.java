// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.Descriptor;
import dev.sluice.MessageSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What systemd is told: see sd_notify(3), and sd_pid_notify_with_fds(3) for its descriptor store, which holds the
 * reading end of every source while this process is dead, so that nobody who writes gets EPIPE. Where there is no
 * manager, all of it does nothing.
 *
 * <p>A message that cannot be sent is logged as a warning, and costs nothing else.
 */
public final class ServiceManager {
    /** A manager that does not read for so long is left alone. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Logger LOG = System.getLogger(ServiceManager.class.getName());

    private final @Nullable UnixDomainSocketAddress address;

    private ServiceManager(@Nullable UnixDomainSocketAddress address) {
        this.address = address;
    }

    /**
     * The one that started a process with this environment.
     *
     * @param environment has NOTIFY_SOCKET, a path or an abstract name that begins with {@code @}; if not, there is no
     *     manager
     */
    public static ServiceManager of(Map<String, String> environment) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        boolean isUnix = socket.startsWith("/") || socket.startsWith("@");
        return new ServiceManager(isUnix ? UnixDomainSocketAddress.of(socket) : null);
    }

    /** All is set up. */
    public void ready() {
        tell("READY=1", List.of());
    }

    /** The end has begun. */
    public void stopping() {
        tell("STOPPING=1", List.of());
    }

    /** Another process serves from now on. */
    public void mainProcess(long pid) {
        tell("MAINPID=" + pid, List.of());
    }

    /**
     * Puts a descriptor into the store. It is not to be watched for hang-ups: a pipe whose writers have gone may hold
     * what nobody has read.
     *
     * @param name of FDNAME, at most 255 characters without a colon
     */
    public void store(String name, Descriptor descriptor) {
        tell("FDSTORE=1\nFDPOLL=0\nFDNAME=" + name, List.of(descriptor));
    }

    /** Removes what the store has under that name. */
    public void forget(String name) {
        tell("FDSTOREREMOVE=1\nFDNAME=" + name, List.of());
    }

    private void tell(String message, List<Descriptor> descriptors) {
        if (address == null) {
            return;
        }
        try (MessageSocket socket = MessageSocket.datagram()) {
            socket.setWriteDeadline(PATIENCE);
            socket.sendTo(ByteBuffer.wrap(message.getBytes(UTF_8)), address, descriptors);
        } catch (IOException failure) {
            LOG.log(Level.WARNING, "the service manager was not told " + message.replace('\n', ' '), failure);
        }
    }
}
