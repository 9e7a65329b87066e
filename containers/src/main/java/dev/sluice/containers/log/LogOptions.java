// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.util.Map;

/**
 * How one container's log is kept.
 *
 * @param format how it is written
 * @param maxSize the size in bytes at which a file is rotated away; {@link Long#MAX_VALUE} for never
 * @param maxFiles how many files are kept for each name, the one that is written among them; at least 1
 * @param compress whether files that have been rotated away are compressed with gzip
 * @param attributes what is kept beside each line where the format has a place for it: tag, labels, environment
 */
public record LogOptions(
        LogFormat format, long maxSize, int maxFiles, boolean compress, Map<String, String> attributes) {
    public LogOptions {
        if (maxSize < 1 || maxFiles < 1) {
            throw new IllegalArgumentException("max-size " + maxSize + ", max-file " + maxFiles);
        }
        attributes = Map.copyOf(attributes);
    }

    /** One file that grows without end. */
    public static LogOptions of(LogFormat format) {
        return new LogOptions(format, Long.MAX_VALUE, 1, false, Map.of());
    }
}
