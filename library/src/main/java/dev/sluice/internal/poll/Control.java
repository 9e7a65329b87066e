// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.FileStatus;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What is done to a descriptor beside reading and writing, while both go on: its number stays valid meanwhile. */
public final class Control {
    private Control() {}

    /** Runs on an open descriptor, with a side of its own to wait on. */
    public interface Call<T extends @Nullable Object> {
        T run(Side side, int fd) throws IOException;
    }

    /** Runs it; a FIFO's writer is open when it has a reader, and is waited for. */
    public static <T extends @Nullable Object> T run(OpenDescriptor descriptor, Call<T> call) throws IOException {
        if (descriptor.isPending()) {
            Side write = descriptor.writeSide();
            write.begin();
            try {
                Peers.connect(write);
            } finally {
                write.end();
            }
        }
        return runNow(descriptor, call);
    }

    /** The same, and does not wait: the number is -1 as long as a FIFO's writer has no reader. */
    static <T extends @Nullable Object> T runNow(OpenDescriptor descriptor, Call<T> call) throws IOException {
        Side own = descriptor.addWatch();
        try {
            own.begin();
            try {
                return call.run(own, descriptor.number());
            } finally {
                own.end();
            }
        } finally {
            descriptor.removeWatch(own);
        }
    }

    /** F_GETPIPE_SZ. */
    public static int pipeCapacity(OpenDescriptor descriptor) throws IOException {
        return run(descriptor, (side, fd) -> (int) checked(
                FileCalls.fcntl(side.state(), fd, Constants.F_GETPIPE_SZ, 0), "F_GETPIPE_SZ", descriptor));
    }

    /** F_SETPIPE_SZ: answers what the kernel made of it. */
    public static int setPipeCapacity(OpenDescriptor descriptor, int bytes) throws IOException {
        return run(descriptor, (side, fd) -> (int) checked(
                FileCalls.fcntl(side.state(), fd, Constants.F_SETPIPE_SZ, bytes), "F_SETPIPE_SZ", descriptor));
    }

    /** lseek(2). */
    public static long seek(OpenDescriptor descriptor, long offset, int whence) throws IOException {
        return run(descriptor, (side, fd) ->
                checked(FileCalls.seek(side.state(), fd, offset, whence), "lseek", descriptor));
    }

    /**
     * How many bytes a read would not wait for: FIONREAD, which has no room for the length of a large file. 0 where the
     * kernel does not say, and behind an end that we set.
     */
    public static long available(OpenDescriptor descriptor) throws IOException {
        if (descriptor.kind() == Kind.FILE) {
            return runNow(descriptor, (side, fd) -> Math.max(
                    0,
                    FileStatus.of(side.state(), fd, descriptor.name()).size()
                            - checked(FileCalls.seek(side.state(), fd, 0, Constants.SEEK_CUR), "lseek", descriptor)));
        }
        return runNow(descriptor, (side, fd) -> {
            int there = FileCalls.buffered(side.state(), fd);
            return descriptor.isCutOff() ? 0L : Math.max(0, there);
        });
    }

    private static long checked(long result, String call, OpenDescriptor descriptor) throws IOException {
        if (result < 0) {
            throw Failures.of(call, descriptor.name(), (int) -result);
        }
        return result;
    }

    /** Sets the moment by which waits on the side end. */
    public static void setDeadline(Side side, long moment) throws IOException {
        runNow(side.owner(), (own, fd) -> {
            if (moment != Deadline.NONE && !side.owner().isPollable(own.state())) {
                throw new UnsupportedOperationException(
                        side.owner().name() + " is always ready: it cannot be waited for, and has no deadline");
            }
            side.setDeadline(moment);
            return moment;
        });
    }
}
