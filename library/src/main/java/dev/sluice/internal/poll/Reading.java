// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.PollCalls;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Reading, and what an answer of nothing means. */
public final class Reading {
    /** The end of the source: -1, as {@link java.nio.channels.ReadableByteChannel} has it. */
    public static final int END = -1;

    /** Nothing for now: wait, and try again. */
    public static final int WAIT = -2;

    /** Nothing, but there may be by now: try again. */
    public static final int AGAIN = -3;

    private Reading() {}

    /** Reads what is there, at least one byte unless the buffer is empty, or answers {@link #END}. */
    public static long read(OpenDescriptor descriptor, MemorySegment buffer) throws IOException {
        Side side = descriptor.readSide();
        side.begin();
        try {
            for (;;) {
                side.prepare();
                if (buffer.byteSize() == 0) {
                    return 0;
                }
                long most = descriptor.readable(side.state(), buffer.byteSize());
                if (most == 0) {
                    return END;
                }
                long count = Attempts.read(side, most < buffer.byteSize() ? buffer.asSlice(0, most) : buffer);
                if (count > 0) {
                    descriptor.noteRead(count);
                    return count;
                }
                int meaning = meaning(side, count, "read");
                if (meaning == END) {
                    return isMessageOfNoBytes(side) ? 0 : END;
                }
                if (meaning == WAIT) {
                    side.await();
                }
            }
        } finally {
            side.end();
        }
    }

    /**
     * Whether a read of nothing was a message of no bytes, which is no end. A socket that keeps boundaries and is
     * connected has one too: when its peer has gone, or will send no more, and nothing is left.
     */
    public static boolean isMessageOfNoBytes(Side side) {
        OpenDescriptor descriptor = side.owner();
        if (descriptor.kind() != Kind.MESSAGE_SOCKET) {
            return false;
        }
        int bits = PollCalls.pollNow(side.state(), descriptor.number(), Constants.EPOLLRDHUP);
        boolean hungUp = (bits & (Constants.EPOLLHUP | Constants.EPOLLRDHUP)) != 0;
        return !hungUp || FileCalls.buffered(side.state(), descriptor.number()) > 0;
    }

    /**
     * Whether the other end has gone, or will send no more, and has left nothing: a read takes nothing then, and tells
     * whether that is the end or an error.
     */
    public static boolean isHungUpAndEmpty(Side side) {
        OpenDescriptor descriptor = side.owner();
        int bits = PollCalls.pollNow(side.state(), descriptor.number(), Constants.EPOLLRDHUP);
        return (bits & (Hangups.EVENTS | Constants.EPOLLRDHUP)) != 0
                && FileCalls.buffered(side.state(), descriptor.number()) <= 0;
    }

    /**
     * What it means that a read or splice moved nothing: {@link #END}, {@link #WAIT} or {@link #AGAIN}.
     *
     * <p>A FIFO's reader gets 0 both before its first writer and after its last. Only after a writer has left does it
     * show HUP (pipe_poll in the kernel's fs/pipe.c); so 0 without HUP is "not connected", and 0 with HUP is the end,
     * unless a last word came between the two calls.
     *
     * @throws IOException if it means a failure
     */
    public static int meaning(Side side, long result, String call) throws IOException {
        OpenDescriptor descriptor = side.owner();
        if (result == -Errno.EAGAIN) {
            // A splice may have found the destination full instead.
            boolean empty = descriptor.isCutOff()
                    && PollCalls.pollNow(side.state(), descriptor.number(), Constants.EPOLLIN) == 0;
            return empty ? END : WAIT;
        }
        if (result == -Errno.EIO && descriptor.kind() == Kind.TERMINAL) {
            return meaningOfHangup(side, call);
        }
        if (result < 0) {
            throw Failures.of(call, descriptor.name(), (int) -result);
        }
        if (descriptor.kind() != Kind.PIPE || descriptor.peer().isEnded()) {
            return END;
        }
        int bits = PollCalls.pollNow(side.state(), descriptor.number(), Constants.EPOLLIN);
        if ((bits & Constants.EPOLLIN) != 0) {
            return AGAIN;
        }
        return (bits & Constants.EPOLLHUP) != 0 ? END : WAIT;
    }

    /**
     * The master of a pseudo-terminal reads EIO when its slave has been closed: that is the end, but for a last word
     * that the kernel was still passing on. poll(2) waits for that. EIO without HUP is meant as an error: a background
     * process reads the terminal of a session whose leader has gone.
     */
    private static int meaningOfHangup(Side side, String call) throws IOException {
        OpenDescriptor descriptor = side.owner();
        int bits = PollCalls.pollNow(side.state(), descriptor.number(), Constants.EPOLLIN);
        if ((bits & Constants.EPOLLHUP) == 0) {
            throw Failures.of(call, descriptor.name(), Errno.EIO);
        }
        return (bits & Constants.EPOLLIN) != 0 ? AGAIN : END;
    }
}
