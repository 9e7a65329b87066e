// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.util.Collection;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The nearest valid word to one that a user mistyped. */
public final class Nearest {
    private Nearest() {}

    /** Of the words, the one that differs by the fewest slips of the fingers; null if each differs by too many. */
    public static @Nullable String of(String typed, Collection<String> words) {
        @Nullable String nearest = null;
        int least = Math.max(1, typed.length() / 2) + 1;
        for (String word : words) {
            int distance = distance(typed, word);
            if (distance < least) {
                least = distance;
                nearest = word;
            }
        }
        return nearest;
    }

    /** Words that follow a complaint: empty where there is no nearest. */
    public static String hint(@Nullable String nearest, UnaryOperator<String> inContext) {
        return nearest == null ? "" : ": did you mean " + inContext.apply(nearest) + "?";
    }

    /** How many letters to insert, delete, replace, or swap with their neighbour make one word of the other. */
    static int distance(String one, String other) {
        int[] beforeLast = new int[other.length() + 1];
        int[] last = new int[other.length() + 1];
        int[] now = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            now[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] free = beforeLast;
            beforeLast = last;
            last = now;
            now = free;
            now[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = last[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(replaced, Math.min(last[j], now[j - 1]) + 1);
                boolean swapped = i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1);
                if (swapped) {
                    now[j] = Math.min(now[j], beforeLast[j - 2] + 1);
                }
            }
        }
        return now[other.length()];
    }
}
