// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;

/**
 * What {@link MessageSocket#receive} has received: one message.
 *
 * @param bytes how many of the message's bytes are in the buffer now; 0 for a message of no bytes; -1 at the end of a
 *     connection, and then there is no message
 * @param length how many bytes the message had. What was beyond the buffer's room is lost
 * @param sender the address of its sender; the empty Unix-domain path if that one has no name
 * @param descriptors those that came with it, in the order in which they were sent; to be closed by the caller
 * @param descriptorsLost whether some that came are closed already and not in the list: there were more than were to be
 *     taken, or this process has as many open as it may have (RLIMIT_NOFILE)
 */
public record ReceivedMessage(
        int bytes, int length, SocketAddress sender, List<Descriptor> descriptors, boolean descriptorsLost)
        implements AutoCloseable {
    /** Keeps a copy of the list. */
    public ReceivedMessage {
        descriptors = List.copyOf(descriptors);
    }

    /** {@return whether the buffer had too little room, and the rest of the message is lost} */
    public boolean isTruncated() {
        return length > bytes && bytes >= 0;
    }

    /**
     * Closes all the descriptors, those that are closed already excepted, each as {@link Descriptor#close} does.
     *
     * @throws IOException what the first failure was, with the others suppressed; all are closed nonetheless
     */
    @Override
    public void close() throws IOException {
        Received.closeAll(descriptors);
    }
}
