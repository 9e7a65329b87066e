// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import org.jspecify.annotations.Nullable;

/** A line as the container runtime interface of Kubernetes has it: {@code TIME STREAM P|F TEXT}. */
final class CriLine {
    private CriLine() {}

    static @Nullable Entry parse(byte[] bytes, int from, int to) {
        int stream = behindSpace(bytes, from, to);
        int tags = stream < 0 ? -1 : behindSpace(bytes, stream, to);
        int text = tags < 0 ? -1 : behindSpace(bytes, tags, to);
        if (text < 0) {
            return null;
        }
        long nanos = TimeField.parse(bytes, from, stream - 1);
        Output output = OutputField.parse(bytes, stream, tags - 1);
        // More tags may follow the first, behind colons.
        boolean tagged = text - 1 - tags == 1 || (text - 1 - tags > 1 && bytes[tags + 1] == ':');
        if (nanos == TimeField.NONE || output == null || !tagged || (bytes[tags] != 'F' && bytes[tags] != 'P')) {
            return null;
        }
        return new Entry(output, nanos, bytes, text, to - text, bytes[tags] == 'F');
    }

    private static int behindSpace(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == ' ') {
                return i + 1;
            }
        }
        return -1;
    }
}
