// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Control groups, of one hierarchy (version 2) or of many (version 1, hybrid). */
final class Cgroups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private Cgroups() {}

    /** Removes all groups of that name, with those below: true when none is left. */
    static boolean remove(String name) {
        return hierarchies().stream()
                .map(hierarchy -> hierarchy.resolve(name))
                .filter(Files::isDirectory)
                .allMatch(Cgroups::removeTree);
    }

    private static List<Path> hierarchies() {
        try (Stream<Path> mounted = Files.list(ROOT)) {
            return Stream.concat(Stream.of(ROOT), mounted.filter(Files::isDirectory))
                    .toList();
        } catch (IOException none) {
            return List.of();
        }
    }

    // Only folders can be removed: the files in them come and go with them.
    private static boolean removeTree(Path group) {
        try (Stream<Path> tree = Files.walk(group)) {
            for (Path each : tree.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.delete(each);
            }
            return true;
        } catch (IOException | UncheckedIOException busy) {
            return false;
        }
    }
}
