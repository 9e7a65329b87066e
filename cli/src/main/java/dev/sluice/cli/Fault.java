// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.io.IOException;

/** A failure that the command itself has found, with a message that reads as those of the library do. */
public final class Fault extends IOException {
    private static final long serialVersionUID = 1;

    /** @param message such as {@code read /tmp: EISDIR (Is a directory)} */
    public Fault(String message) {
        super(message);
    }
}
