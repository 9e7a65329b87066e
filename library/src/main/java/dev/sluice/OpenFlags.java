// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.linux.Architecture;
import dev.sluice.internal.linux.Constants;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** The flags of open(2) for the JDK's open options. */
final class OpenFlags {
    private OpenFlags() {}

    static int of(Set<? extends OpenOption> options) {
        boolean append = options.contains(StandardOpenOption.APPEND);
        boolean write = append || options.contains(StandardOpenOption.WRITE);
        boolean read = options.contains(StandardOpenOption.READ) || !write;
        if (append && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
            throw new IllegalArgumentException("APPEND and TRUNCATE_EXISTING contradict each other");
        }
        int flags = write ? (read ? Constants.O_RDWR : Constants.O_WRONLY) : Constants.O_RDONLY;
        for (OpenOption option : options) {
            flags |= flag(option, write);
        }
        return flags;
    }

    private static int flag(OpenOption option, boolean write) {
        if (option instanceof StandardOpenOption standard) {
            return switch (standard) {
                case READ, WRITE, SPARSE -> 0;
                case APPEND -> Constants.O_APPEND;
                case TRUNCATE_EXISTING -> write ? Constants.O_TRUNC : 0;
                case CREATE -> write ? Constants.O_CREAT : 0;
                case CREATE_NEW -> write ? Constants.O_CREAT | Constants.O_EXCL : 0;
                case SYNC -> Constants.O_SYNC;
                case DSYNC -> Constants.O_DSYNC;
                case DELETE_ON_CLOSE -> throw new UnsupportedOperationException("DELETE_ON_CLOSE");
            };
        }
        if (option == LinkOption.NOFOLLOW_LINKS) {
            return Architecture.current().openNoFollow;
        }
        throw new UnsupportedOperationException(String.valueOf(option));
    }
}
