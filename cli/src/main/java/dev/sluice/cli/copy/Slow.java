// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.SlowPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done about a destination that is slow: {@code --slow} and {@code --slow-bound}.
 *
 * @param word null if nothing was asked for
 * @param bound how many bytes may wait for it
 */
record Slow(@Nullable String word, long bound) {
    /** All there are. */
    static final List<String> WORDS = List.of("block", "skip", "skip-lines", "drop");

    private static final String BLOCK = "block";
    private static final String SKIP = "skip";

    /** How far a destination may fall behind where nothing else is asked for. */
    static final long USUAL_BOUND = 1 << 20;

    /** Whether a slow destination is not to hold the source back, by the user's word. */
    boolean isFree() {
        return word != null && !word.equals(BLOCK);
    }

    /** Whether the readers of a tap may hold the source back. */
    boolean tapsHold() {
        return BLOCK.equals(word);
    }

    /** For a destination that has a name: without a word, every byte is to arrive. */
    SlowPolicy policy() {
        return of(word == null ? BLOCK : word);
    }

    /** For a tap's readers: without a word, they hold nobody back. */
    SlowPolicy tapPolicy() {
        return of(word == null ? SKIP : word);
    }

    private SlowPolicy of(String name) {
        return switch (name) {
            case SKIP -> SlowPolicy.skip(bound);
            case "skip-lines" -> SlowPolicy.skipLines(bound);
            case "drop" -> SlowPolicy.drop(bound);
            default -> SlowPolicy.block();
        };
    }
}
