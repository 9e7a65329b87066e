// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

/** What the user typed is wrong. The message says how, and what would be right. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message for the user, without an end to the sentence */
    public UsageException(String message) {
        super(message);
    }
}
