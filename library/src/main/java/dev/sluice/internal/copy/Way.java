// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.TransferCalls;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.Offload;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Side;

/** The ways in which the kernel moves bytes, best first, and between which kinds each goes. */
enum Way {
    /** splice(2): one end is a pipe, and the other one anything that the kernel takes. */
    SPLICE("splice") {
        @Override
        long kernelMove(Side from, Side to, long most) {
            return TransferCalls.splice(from.state(), from.owner().number(), to.owner().number(), most);
        }
    },
    /** sendfile(2): from a file to a socket. */
    SEND_FILE("sendfile") {
        @Override
        long kernelMove(Side from, Side to, long most) {
            return TransferCalls.sendFile(from.state(), from.owner().number(), to.owner().number(), most);
        }
    },
    /** copy_file_range(2): from file to file, and shared instead of copied where the file system can. */
    COPY_FILE_RANGE("copy_file_range") {
        @Override
        long kernelMove(Side from, Side to, long most) {
            return TransferCalls.copyFileRange(from.state(), from.owner().number(), to.owner().number(), most);
        }
    },
    /** splice(2) twice, by way of a pipe of the {@link PipePool}: from one stream socket to another. */
    THROUGH_PIPE("splice") {
        @Override
        long kernelMove(Side from, Side to, long most) {
            throw new IllegalStateException("this way goes by a Transit");
        }
    },
    /** read(2) and write(2): between any two. */
    BUFFER("read and write") {
        @Override
        long kernelMove(Side from, Side to, long most) {
            throw new IllegalStateException("this way goes by a Transit");
        }
    };

    /** The system call, for messages. */
    final String call;

    Way(String call) {
        this.call = call;
    }

    /** Whether bytes rest in a {@link Transit} between the ends, so that each call speaks for one end alone. */
    boolean isByTransit() {
        return this == THROUGH_PIPE || this == BUFFER;
    }

    abstract long kernelMove(Side from, Side to, long most);

    /** Moves some bytes at the current positions: how many, or the negative errno. A disk blocks no carrier thread. */
    long move(Side from, Side to, long most) {
        boolean mayBlock = from.owner().kind().isOnDisk() || to.owner().kind().isOnDisk();
        return mayBlock ? Offload.run(() -> kernelMove(from, to, most)) : kernelMove(from, to, most);
    }

    /**
     * @param zeroCopy whether a file's pages may go into a pipe themselves, so that later changes to the file show
     *     there
     */
    static Way between(OpenDescriptor source, OpenDescriptor destination, boolean zeroCopy) {
        Kind from = source.kind();
        Kind to = destination.kind();
        if (from == Kind.PIPE) {
            return splices(destination) ? SPLICE : BUFFER;
        }
        if (to == Kind.PIPE) {
            return from == Kind.FILE ? (zeroCopy ? SPLICE : BUFFER) : (splices(source) ? SPLICE : BUFFER);
        }
        if (from == Kind.FILE && to == Kind.FILE) {
            return COPY_FILE_RANGE;
        }
        if (to == Kind.STREAM_SOCKET && destination.isNonBlocking()) {
            if (from == Kind.FILE) {
                return SEND_FILE;
            }
            if (from == Kind.STREAM_SOCKET && source.isNonBlocking()) {
                return THROUGH_PIPE;
            }
        }
        return BUFFER;
    }

    // A socket or terminal in blocking mode would block the carrier thread inside splice, which looks at no flag but
    // theirs.
    static boolean splices(OpenDescriptor end) {
        return switch (end.kind()) {
            case PIPE, FILE, BLOCK_DEVICE -> true;
            case STREAM_SOCKET, TERMINAL -> end.isNonBlocking();
            case DEVICE -> true;
            case MESSAGE_SOCKET, LISTENER, MESSAGE_LISTENER, DIRECTORY, OTHER -> false;
        };
    }
}
