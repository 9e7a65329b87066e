// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.net;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.SocketAddresses;
import dev.sluice.internal.linux.SocketCalls;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Opening;
import dev.sluice.internal.poll.Pace;
import dev.sluice.internal.poll.Side;
import dev.sluice.internal.poll.Waiting;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections, and gives up for nothing that passes.
 *
 * <pre>
 *   accept4 answers                          it means                            then
 *   a number                                 a connection                        returned
 *   EAGAIN                                   none                                wait for one
 *   ECONNABORTED, EPROTO and the network's   one that ended before it was        again
 *   own errors (see accept(2))               accepted
 *   EMFILE, ENFILE, ENOBUFS, ENOMEM          no room: the connection stays       pause, 1 to 20 ms; again
 *                                            queued, and shows no new event
 *   anything else                            failed                              thrown
 * </pre>
 */
public final class Accepting {
    private Accepting() {}

    /** Waits for a connection. Ended as every wait of a side is. */
    public static OpenDescriptor accept(OpenDescriptor listener, Kind kind) throws IOException {
        Side side = listener.acceptSide();
        side.begin();
        @Nullable Pace shortage = null;
        try {
            for (;;) {
                side.prepare();
                int fd = SocketCalls.accept(side.state(), listener.number());
                if (fd >= 0) {
                    return Opening.socket(fd, name(side.state(), listener), kind);
                }
                switch (-fd) {
                    case Errno.EAGAIN -> {
                        Shortage.prepare();
                        side.await();
                    }
                    case Errno.ECONNABORTED,
                            Errno.EPROTO,
                            Errno.ENETDOWN,
                            Errno.ENOPROTOOPT,
                            Errno.EHOSTDOWN,
                            Errno.ENONET,
                            Errno.EHOSTUNREACH,
                            Errno.ENETUNREACH -> {}
                    case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM -> {
                        if (shortage == null) {
                            shortage = new Pace();
                            Shortage.warn(Failures.of("accept", listener.name(), -fd, "waiting for room"));
                        }
                        Waiting.pause(side, null, shortage.next());
                    }
                    default -> throw Failures.of("accept", listener.name(), -fd);
                }
            }
        } finally {
            if (shortage != null) {
                shortage.close();
            }
            side.end();
        }
    }

    private static String name(CallState state, OpenDescriptor listener) {
        @Nullable SocketAddress peer = SocketCalls.acceptedFrom(state);
        String text = peer == null ? listener.name() : SocketAddresses.describe(peer);
        return text.equals("unix (unnamed)") ? "connection to " + listener.name() : "connection from " + text;
    }
}
