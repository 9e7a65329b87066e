// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import dev.sluice.containers.log.LogOptions;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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
        Map<String, String> given = new TreeMap<>(options);
        given.values().removeIf(String::isEmpty); // --log-opt max-size= is as if it were not there
        return LogOptions.parse(given, Attributes.of(info));
    }
}
