// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The name of an output in a log, as bytes. */
final class OutputField {
    private static final byte[] STDOUT = Output.STDOUT.label().getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STDERR = Output.STDERR.label().getBytes(StandardCharsets.US_ASCII);

    private OutputField() {}

    static @Nullable Output parse(byte[] bytes, int from, int to) {
        if (Arrays.equals(bytes, from, to, STDOUT, 0, STDOUT.length)) {
            return Output.STDOUT;
        }
        return Arrays.equals(bytes, from, to, STDERR, 0, STDERR.length) ? Output.STDERR : null;
    }
}
