// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.SocketCalls;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.Side;
import org.jspecify.annotations.Nullable;

/** Whether a source is a TCP connection whose bytes nothing transforms. The kernel is asked once, if anybody asks. */
final class PlainTcp {
    private final Side from;
    private @Nullable Boolean plain;

    PlainTcp(Side from) {
        this.from = from;
    }

    boolean isPlain() {
        @Nullable Boolean known = plain;
        if (known == null) {
            known = from.owner().kind() == Kind.STREAM_SOCKET
                    && SocketCalls.isPlainTcp(from.state(), from.owner().number());
            plain = known;
        }
        return known;
    }
}
