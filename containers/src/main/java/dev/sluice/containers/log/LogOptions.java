// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.util.List;
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
    private static final String FORMAT = "format";
    private static final String MAX_SIZE = "max-size";
    private static final String MAX_FILES = "max-file";
    private static final String COMPRESS = "compress";

    /** What {@link #parse} reads. */
    public static final List<String> NAMES = List.of(FORMAT, MAX_SIZE, MAX_FILES, COMPRESS);

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

    /**
     * Reads {@code format}, {@code max-size}, {@code max-file} and {@code compress}, as users of Docker write them.
     *
     * @param options may have others too, which are passed over; of what is missing the default is taken
     * @param attributes as {@link #attributes}
     * @return what they say
     * @throws IllegalArgumentException for a value that makes no sense; the message is one line for people
     */
    public static LogOptions parse(Map<String, String> options, Map<String, String> attributes) {
        String format = options.getOrDefault(FORMAT, LogFormat.JSON_FILE.label());
        String maxSize = options.get(MAX_SIZE);
        int maxFiles = maxFiles(options.getOrDefault(MAX_FILES, "1"));
        boolean compress = compress(options.getOrDefault(COMPRESS, "false"));
        if (compress && (maxSize == null || maxFiles < 2)) {
            throw new IllegalArgumentException(COMPRESS + " needs a max-size, and a max-file of 2 or more");
        }
        return new LogOptions(
                LogFormat.of(format),
                maxSize == null ? Long.MAX_VALUE : maxSize(maxSize),
                maxFiles,
                compress,
                attributes);
    }

    private static long maxSize(String text) {
        try {
            return ByteSize.parse(text);
        } catch (IllegalArgumentException bad) {
            throw new IllegalArgumentException(MAX_SIZE + ": " + bad.getMessage(), bad);
        }
    }

    private static int maxFiles(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException(MAX_FILES + ": '" + text + "' is no number from 1 on");
        }
        return Integer.parseInt(text);
    }

    private static boolean compress(String text) {
        return switch (text) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new IllegalArgumentException(COMPRESS + ": '" + text + "' is neither true nor false");
        };
    }
}
