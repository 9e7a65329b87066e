// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.net.ListenFds;
import java.io.IOException;
import java.util.List;

/**
 * A descriptor that the service manager has opened for this process and passed to it: socket activation, see
 * sd_listen_fds(3) and systemd.socket(5).
 *
 * {@snippet file="dev/sluice/snippets/Snippets.java" region="inherited" :
 * for (Inherited inherited : Inherited.take()) {
 *     if (inherited.descriptor() instanceof Listener listener) {
 *         serve(listener);
 *     }
 * }
 * }
 *
 * <p>Under inetd(8), and where a unit says {@code StandardInput=socket}, the one socket is number 0 instead: {@link
 * Connection#adopt Connection.adopt(0)}.
 *
 * @param name of LISTEN_FDNAMES: {@code FileDescriptorName=} of the unit; {@code unknown} where there are no names
 * @param descriptor of the type that fits it: a {@link Listener}, a {@link MessageListener}, a {@link Connection} (of
 *     {@code Accept=yes}), a {@link MessageSocket} (datagrams), or a plain one for a FIFO, a special file or a queue
 */
public record Inherited(String name, Descriptor descriptor) {
    /**
     * Takes over all the descriptors that were passed to this process, numbers 3 and up, in order. They belong to the
     * caller, and become close-on-exec; sockets become O_NONBLOCK. Each is handed out once: a second call returns none.
     * Does not wait.
     *
     * @return one for each; none if LISTEN_PID does not name this process, or is not set: then what is there is for
     *     another process, and is not touched
     * @throws java.nio.file.FileSystemException EINVAL if LISTEN_FDS is no number, or LISTEN_FDNAMES does not name as
     *     many; EBADF if one of the numbers is not open, or was not inherited but opened by this process. Nothing is
     *     taken then
     * @throws IOException if one cannot be taken over; all of them are closed then
     */
    public static List<Inherited> take() throws IOException {
        return ListenFds.take().stream()
                .map(passed -> new Inherited(passed.name(), Descriptor.of(passed.descriptor())))
                .toList();
    }
}
