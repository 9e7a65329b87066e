// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.containerd;

import dev.sluice.containers.log.LogFolder;
import dev.sluice.containers.log.LogOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a logger is told: the query of its {@code binary://} URI. containerd passes each pair as two arguments, a key
 * and its value, and the pairs in random order.
 *
 * @param folder the log folder
 * @param daemon the control socket of the daemon that is to log instead; null for none
 * @param name what people call the container; null if that is its id
 * @param options how the log is kept
 */
public record LoggerArguments(Path folder, @Nullable Path daemon, @Nullable String name, LogOptions options) {
    private static final String FOLDER = "dir";
    private static final String DAEMON = "daemon";
    private static final String NAME = "name";

    /** All keys there are. */
    static final List<String> KEYS = Stream.concat(Stream.of(FOLDER, DAEMON, NAME), LogOptions.NAMES.stream())
            .toList();

    /**
     * Reads them.
     *
     * @param arguments keys and values, in turn
     * @return what they say
     * @throws IllegalArgumentException for a key that there is not, one that is given twice, one without a value, and
     *     a value that makes no sense; the message is one line for people
     */
    public static LoggerArguments parse(List<String> arguments) {
        Map<String, String> pairs = pairs(arguments);
        for (String key : pairs.keySet()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(
                        "there is no option '" + key + "': it may be " + String.join(", ", KEYS));
            }
        }
        @Nullable String daemon = pairs.get(DAEMON);
        return new LoggerArguments(
                path(FOLDER, pairs.getOrDefault(FOLDER, LogFolder.DEFAULT.toString())),
                daemon == null ? null : path(DAEMON, daemon),
                pairs.get(NAME),
                LogOptions.parse(pairs, Map.of()));
    }

    /** {@return the log folder, however wrong all else may be: what is wrong can be said there} */
    static @Nullable Path folderOf(List<String> arguments) {
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
            if (arguments.get(i).equals(FOLDER)) {
                try {
                    return path(FOLDER, arguments.get(i + 1));
                } catch (IllegalArgumentException unusable) {
                    return null;
                }
            }
        }
        return LogFolder.DEFAULT;
    }

    private static Map<String, String> pairs(List<String> arguments) {
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String key = arguments.get(i);
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException("'" + key + "' has no value");
            }
            if (pairs.putIfAbsent(key, arguments.get(i + 1)) != null) {
                throw new IllegalArgumentException("'" + key + "' is given twice");
            }
        }
        return pairs;
    }

    // A logger's working directory is the container's bundle, which nobody means.
    private static Path path(String key, String value) {
        Path path;
        try {
            path = Path.of(value);
        } catch (InvalidPathException bad) {
            throw new IllegalArgumentException(key + ": '" + value + "' is no path", bad);
        }
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException(key + ": '" + value + "' does not begin with /");
        }
        return path;
    }
}
