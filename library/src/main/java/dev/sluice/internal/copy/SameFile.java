// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileStatus;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.Side;
import java.io.IOException;

/** A copy onto its own source: it would have no end, or destroy what it copies. */
final class SameFile {
    private SameFile() {}

    /** @throws java.nio.file.FileSystemException EINVAL if both are the same file or pipe */
    static void refuse(Side from, Side to) throws IOException {
        Kind kind = from.owner().kind();
        if (kind != to.owner().kind() || (kind != Kind.FILE && kind != Kind.PIPE)) {
            return;
        }
        FileStatus one = status(from);
        FileStatus other = status(to);
        if (one.inode() == other.inode() && one.device() == other.device()) {
            throw Failures.of("copy", from.owner().name(), Errno.EINVAL, "source and destination are the same");
        }
    }

    private static FileStatus status(Side side) throws IOException {
        return FileStatus.of(side.state(), side.owner().number(), side.owner().name());
    }
}
