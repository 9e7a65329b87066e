// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds the one of several values that is called so. */
final class Labels {
    private Labels() {}

    /**
     * The value with a label.
     *
     * @param missing what is said where there is none, followed by the label and those that there are
     * @throws IllegalArgumentException if there is none; the message is for people
     */
    static <T> T find(T[] values, Function<T, String> labelOf, String label, String missing) {
        for (T value : values) {
            if (labelOf.apply(value).equals(label)) {
                return value;
            }
        }
        throw new IllegalArgumentException(missing + " '" + label + "': "
                + Arrays.stream(values).map(labelOf).collect(Collectors.joining(", ")));
    }
}
