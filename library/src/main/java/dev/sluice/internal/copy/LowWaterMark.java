// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.SocketCalls;
import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.Side;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Has a TCP connection in which much flows tell of arrivals only once {@value #BYTES} bytes have come (SO_RCVLOWAT, see
 * socket(7)): fewer and fuller rounds, and fewer wake-ups.
 *
 * <pre>
 *   mark     event                                                                            afterwards
 *   usual    a wait for the source begins, after a round by pipe; it pays and is possible     raised
 *   raised   a wait for the source begins, and the one before was late, or the end is near    usual
 *   raised   a wait for the destination begins, or the transfer ends                          usual
 * </pre>
 *
 * <p>Whether it pays says {@link Gathering}. The rest of a flow may never reach the mark. It is fetched all the same,
 * since the wait ends in some milliseconds, see {@link Side#holdBack}. An end, a reset and urgent data are told at once
 * (tcp_poll in the kernel's net/ipv4/tcp.c), and no read is held up, since all of them are non-blocking.
 *
 * <p>The kernel makes the receive buffer large enough for the mark, and leaves it so; where the user has set its size,
 * or the limit in tcp_rmem is small, it takes less of a mark (tcp_set_rcvlowat). The mark is the socket's: while it is
 * raised, who else polls the socket, by a duplicate or in another process, is told of arrivals as late.
 *
 * <p>It is possible for a TCP connection whose bytes nothing transforms, which has room for that much, and whose mark
 * nobody else has set; on a virtual thread; while a poller polls; and unless the end is near: less than the mark is
 * still to be copied, or less than {@value #LEAST_MILLIS} ms are left, which a short idle timeout never grants.
 */
public final class LowWaterMark {
    /** A full round. */
    private static final int BYTES = PooledPipe.MOST;

    private static final int USUAL = 1;
    private static final long LEAST_MILLIS = 1_000;
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(LEAST_MILLIS);
    private static final LongAdder RAISED = new LongAdder();

    private final Side from;
    private final PlainTcp plainTcp;
    private final Gathering gathering = new Gathering();
    private @Nullable Boolean possible;
    private boolean raised;

    LowWaterMark(Side from, PlainTcp plainTcp) {
        this.from = from;
        this.plainTcp = plainTcp;
    }

    /** To be told of each round that moved something. */
    void moved(Way way, long count) {
        if (way == Way.THROUGH_PIPE) {
            gathering.moved(count);
        }
    }

    /**
     * To be called before each wait for the source.
     *
     * @param room how many bytes are still to be copied
     * @param until when the wait ends, as {@link Deadline} has it
     */
    void adjust(Way way, long room, long until) {
        if (raised) {
            if (from.wasLate() || isEndNear(room, until)) {
                lower();
            }
        } else if (way == Way.THROUGH_PIPE && gathering.pays() && !isEndNear(room, until) && isPossible()) {
            raise();
        }
    }

    private static boolean isEndNear(long room, long until) {
        return room < BYTES || (until != Deadline.NONE && Deadline.remaining(until) < LEAST_NANOS);
    }

    private void raise() {
        if (!from.holdBack()) {
            return;
        }
        raised = true;
        set(BYTES);
        if (get() == BYTES) {
            RAISED.increment();
        } else {
            possible = false; // the window would be shut before the mark is reached
            lower();
        }
    }

    /** To be called before a wait for anything else, and before the source is given up. */
    void lower() {
        if (raised) {
            if (from.wasLate()) {
                gathering.wasLate();
            }
            set(USUAL);
            raised = false;
            from.letCome();
        }
    }

    /** It cannot fail for a TCP connection. */
    private void set(int bytes) {
        int ignored = SocketCalls.setIntOption(
                from.state(), from.owner().number(), Constants.SOL_SOCKET, Constants.SO_RCVLOWAT, bytes);
    }

    private int get() {
        return SocketCalls.intOption(
                from.state(), from.owner().number(), Constants.SOL_SOCKET, Constants.SO_RCVLOWAT);
    }

    private boolean isPossible() {
        @Nullable Boolean known = possible;
        if (known == null) {
            known = plainTcp.isPlain() && get() == USUAL;
            possible = known;
        }
        return known;
    }

    /** How often one was raised, for tests. */
    public static long timesRaised() {
        return RAISED.sum();
    }
}
