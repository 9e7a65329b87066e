// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import dev.sluice.containers.log.ByteSize;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import java.util.Map;
import java.util.Set;

/** From {@code --log-opt NAME=VALUE} to how a log is kept. */
final class DockerOptions {
    private static final Set<String> OURS = Set.of(
            "format", "max-size", "max-file", "compress", "labels", "labels-regex", "env", "env-regex", "tag");

    /** Of dockerd itself, which hands them on: how it writes to us, and its cache for drivers that cannot be read. */
    private static final Set<String> DOCKERDS = Set.of(
            "mode", "max-buffer-size", "cache-disabled", "cache-max-file", "cache-max-size", "cache-compress");

    private DockerOptions() {}

    /**
     * Reads them. Without any, a log is one file in the format of Docker's json-file that grows without end.
     *
     * @throws IllegalArgumentException if one is unknown or cannot be read; the message is for people
     */
    static LogOptions of(ContainerInfo info) {
        Map<String, String> options = info.config();
        for (String name : options.keySet()) {
            if (!OURS.contains(name) && !DOCKERDS.contains(name)) {
                throw new IllegalArgumentException("unknown log opt '" + name + "': there are "
                        + String.join(", ", OURS.stream().sorted().toList()));
            }
        }
        String maxSize = options.getOrDefault("max-size", "");
        int maxFiles = files(options.getOrDefault("max-file", ""));
        boolean compress = truth("compress", options.getOrDefault("compress", ""));
        if (compress && (maxSize.isEmpty() || maxFiles < 2)) {
            throw new IllegalArgumentException("compress needs a max-size, and a max-file of 2 or more");
        }
        return new LogOptions(
                LogFormat.of(options.getOrDefault("format", LogFormat.JSON_FILE.label())),
                maxSize.isEmpty() ? Long.MAX_VALUE : size(maxSize),
                maxFiles,
                compress,
                Attributes.of(info));
    }

    private static long size(String text) {
        try {
            return ByteSize.parse(text);
        } catch (IllegalArgumentException bad) {
            throw new IllegalArgumentException("max-size: " + bad.getMessage(), bad);
        }
    }

    private static int files(String text) {
        if (text.isEmpty()) {
            return 1;
        }
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("max-file: '" + text + "' is no number from 1 on");
        }
        return Integer.parseInt(text);
    }

    private static boolean truth(String name, String text) {
        return switch (text) {
            case "true", "1" -> true;
            case "", "false", "0" -> false;
            default -> throw new IllegalArgumentException(name + ": '" + text + "' is neither true nor false");
        };
    }
}
