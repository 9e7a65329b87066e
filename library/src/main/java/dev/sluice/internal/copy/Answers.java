// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.poll.Hangups;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.Reading;
import dev.sluice.internal.poll.Side;
import java.io.IOException;

/** What it means that a try moved nothing: the kernel answered 0 or a negative errno, for one of the ends. */
final class Answers {
    private final Side from;
    private final Side to;
    private final Transit transit;

    Answers(Side from, Side to, Transit transit) {
        this.from = from;
        this.to = to;
        this.transit = transit;
    }

    /**
     * Whether the kernel will not have this way here. A file in /proc has no size, and copy_file_range(2) takes that
     * for its end.
     */
    boolean isRefusal(Way way, long result, long movedSoFar) {
        if (way == Way.BUFFER) {
            return false;
        }
        return switch ((int) -result) {
            case Errno.EINVAL, Errno.ENOSYS, Errno.EPERM, Errno.EOPNOTSUPP, Errno.EXDEV, Errno.EBADF -> true;
            case 0 -> way == Way.COPY_FILE_RANGE && movedSoFar == 0;
            default -> false;
        };
    }

    /** Whether the kernel will not have it that one end, which alone was asked, is spliced. */
    static boolean isRefusal(long result) {
        return switch ((int) -result) {
            case Errno.EINVAL, Errno.ENOSYS, Errno.EPERM, Errno.EOPNOTSUPP -> true;
            default -> false;
        };
    }

    /**
     * Whether nobody reads the destination any more. Only if it is the destination that answered: the one call of a
     * splice or sendfile speaks for both ends, and a source that is a socket may be reset too.
     */
    boolean isDestinationGone(Way way, long result) {
        boolean written = way.isByTransit()
                ? transit.size() > 0
                : from.owner().kind() != Kind.STREAM_SOCKET || result == -Errno.EPIPE;
        return written && (isGone(result) || isHungUpTerminal(result));
    }

    /** The errors with which the kernel says that nobody reads any more. */
    static boolean isGone(long result) {
        return result == -Errno.EPIPE || result == -Errno.ECONNRESET;
    }

    /** A terminal whose other side has been closed answers EIO to a write, and refuses a splice with EINVAL. */
    private boolean isHungUpTerminal(long result) {
        return (result == -Errno.EIO || result == -Errno.EINVAL)
                && to.owner().kind() == Kind.TERMINAL
                && Hangups.isGone(to);
    }

    /** For a destination that was not asked, since the source had nothing for it. */
    boolean isDestinationHungUp() {
        return to.owner().peer().mayHaveHungUp() && Hangups.isGone(to);
    }

    /**
     * For all else: {@link Reading#END}, {@link Reading#WAIT} or {@link Reading#AGAIN}.
     *
     * @throws IOException if it means a failure
     */
    int meaning(Way way, long result) throws IOException {
        if (way.isByTransit() && transit.size() > 0) {
            if (result == -Errno.EAGAIN) {
                return Reading.WAIT;
            }
            throw Failures.of(way == Way.BUFFER ? "write" : way.call, to.owner().name(), (int) -result);
        }
        boolean sourceAnswered = way.isByTransit() || result >= 0 || result == -Errno.EAGAIN;
        if (!sourceAnswered && from.owner().kind() != Kind.TERMINAL) {
            throw Failures.of(way.call, from.owner().name() + " to " + to.owner().name(), (int) -result);
        }
        if (result == 0 && Reading.isMessageOfNoBytes(from)) {
            return Reading.AGAIN;
        }
        return Reading.meaning(from, result, way == Way.BUFFER ? "read" : way.call);
    }
}
