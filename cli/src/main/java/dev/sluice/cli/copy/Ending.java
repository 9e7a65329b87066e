// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.CopyResult;
import dev.sluice.FanOutResult;
import dev.sluice.cli.ExitCode;

/** Why {@code sluice copy} ended: the word of {@code --stats=json}, and the exit code. */
enum Ending {
    END_OF_SOURCE("end-of-source", ExitCode.OK),
    LIMIT("limit", ExitCode.OK),
    DESTINATION_GONE("destination-gone", ExitCode.DESTINATION_GONE),
    IDLE_TIMEOUT("idle-timeout", ExitCode.TIMEOUT),
    DEADLINE("deadline", ExitCode.TIMEOUT),
    INTERRUPTED("interrupted", ExitCode.INTERRUPTED),
    FAILED("failed", ExitCode.FAILED);

    private final String word;
    private final int exitCode;

    Ending(String word, int exitCode) {
        this.word = word;
        this.exitCode = exitCode;
    }

    String word() {
        return word;
    }

    int exitCode() {
        return exitCode;
    }

    /** Whether all was delivered that was to be delivered. */
    boolean isComplete() {
        return this == END_OF_SOURCE || this == LIMIT;
    }

    /** Whether it was ended before it was done, and not by its destinations' going. */
    boolean isGivenUp() {
        return !isComplete() && this != DESTINATION_GONE;
    }

    static Ending of(FanOutResult.End end) {
        return switch (end) {
            case END_OF_SOURCE -> END_OF_SOURCE;
            case LIMIT -> LIMIT;
            case DESTINATIONS_GONE -> DESTINATION_GONE;
            case DEADLINE -> DEADLINE;
            case IDLE_TIMEOUT -> IDLE_TIMEOUT;
            case INTERRUPTED -> INTERRUPTED;
            case CLOSED -> FAILED; // nobody but the copy itself closes its source
        };
    }

    static Ending of(CopyResult.End end) {
        return switch (end) {
            case END_OF_SOURCE -> END_OF_SOURCE;
            case LIMIT -> LIMIT;
            case DESTINATION_GONE -> DESTINATION_GONE;
            case DEADLINE -> DEADLINE;
            case IDLE_TIMEOUT -> IDLE_TIMEOUT;
            case INTERRUPTED -> INTERRUPTED;
            case CLOSED -> FAILED; // nobody but the copy itself closes its ends
        };
    }
}
