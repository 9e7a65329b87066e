// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.net;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.Message;
import dev.sluice.internal.linux.SocketCalls;
import dev.sluice.internal.poll.Adoption;
import dev.sluice.internal.poll.Control;
import dev.sluice.internal.poll.Lent;
import dev.sluice.internal.poll.OpenDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Descriptors on their way between processes: SCM_RIGHTS of unix(7).
 *
 * <p>What is sent is lent for each try alone, and not while the send waits, so it can be closed at any time. What is
 * received has an owner before the receiver returns, or is closed: nothing throws between recvmsg(2) and {@link
 * #adopt}.
 */
final class Passing {
    private Passing() {}

    /** Refuses, before anything is sent, what cannot be sent. */
    static void check(OpenDescriptor socket, List<OpenDescriptor> passed) throws IOException {
        if (passed.isEmpty()) {
            return;
        }
        if (passed.size() > Message.MOST_RIGHTS) {
            throw new IllegalArgumentException(
                    passed.size() + " descriptors: one message takes " + Message.MOST_RIGHTS + " at most");
        }
        // The other protocols drop them without a word (__sock_cmsg_send in the kernel's net/core/sock.c).
        int domain = Control.run(socket, (side, fd) ->
                SocketCalls.intOption(side.state(), fd, Constants.SOL_SOCKET, Constants.SO_DOMAIN));
        if (domain != Constants.AF_UNIX) {
            throw Failures.of("send descriptors by", socket.name(), Errno.EOPNOTSUPP, "not of the Unix domain");
        }
        Lent.awaitNumbers(passed);
    }

    /** What came with a message has owners now; what goes beyond {@code most} is closed. */
    static List<OpenDescriptor> adopt(CallState state, Message message, int most, String socket) throws IOException {
        for (int addition : message.additions()) {
            FileCalls.close(state, addition);
        }
        int[] numbers = message.rights();
        List<OpenDescriptor> adopted = new ArrayList<>();
        try {
            while (adopted.size() < Math.min(most, numbers.length)) {
                int fd = numbers[adopted.size()];
                adopted.add(Adoption.adoptPassed(fd, "fd " + fd + " by " + socket));
            }
        } catch (Throwable failure) {
            closeFrom(state, numbers, adopted.size());
            closeAll(adopted, failure);
            throw failure;
        }
        closeFrom(state, numbers, adopted.size());
        return adopted;
    }

    private static void closeFrom(CallState state, int[] numbers, int first) {
        for (int i = first; i < numbers.length; i++) {
            FileCalls.close(state, numbers[i]);
        }
    }

    static void closeAll(List<OpenDescriptor> descriptors, Throwable failure) {
        for (OpenDescriptor descriptor : descriptors) {
            try {
                descriptor.close();
            } catch (IOException another) {
                failure.addSuppressed(another);
            }
        }
    }
}
