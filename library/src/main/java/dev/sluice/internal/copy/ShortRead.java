// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.poll.PeerState;
import dev.sluice.internal.poll.Side;

/**
 * A read that brought less than it had asked for has taken all that was there, and the next one would answer EAGAIN:
 * see epoll(7), questions and answers. So one call of three is spared for each small message.
 *
 * <p>That holds for bytes that are still to come: they are an edge. It does not for what is there and lies behind the
 * end of the read, whose edge is over. So not for
 *
 * <pre>
 *   the end of the stream     of which an event has told already: the next read finds it
 *   an end that we set        {@link dev.sluice.internal.poll.Cutoff}
 *   urgent data               a read ends at its mark (tcp_recvmsg in the kernel's net/ipv4/tcp.c)
 *   Unix-domain sockets       a read ends before and behind descriptors that are passed
 *   TLS in the kernel         a read ends behind a record
 * </pre>
 */
final class ShortRead {
    private final Side from;
    private final Transit transit;
    private final PlainTcp plainTcp;

    ShortRead(Side from, Transit transit, PlainTcp plainTcp) {
        this.from = from;
        this.transit = transit;
        this.plainTcp = plainTcp;
    }

    /**
     * Whether the read just made has left nothing, and nobody needs to look again before the next edge.
     *
     * <p>What has been seen of the peer is asked after the read: an event from before it is remembered there, and one
     * from then on is in the latch, which must not be cleared between the read and the wait.
     */
    boolean hasLeftNothing() {
        PeerState peer = from.owner().peer();
        return transit.isDrained()
                && !peer.mayHaveEnded()
                && !peer.mayHaveSentUrgent()
                && !from.owner().isCutOff()
                && plainTcp.isPlain();
    }
}
