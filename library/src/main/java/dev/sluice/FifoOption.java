// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.nio.file.OpenOption;

/** How a {@link Fifo} is opened, beyond {@link java.nio.file.StandardOpenOption}. */
public enum FifoOption implements OpenOption {
    /** Follow a symbolic link in the last component of the path. */
    FOLLOW_LINKS
}
