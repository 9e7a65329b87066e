// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Programs on the path. */
public final class Tools {
    private static final Pattern SEPARATOR = Pattern.compile(File.pathSeparator, Pattern.LITERAL);

    private Tools() {}

    /**
     * Looks a program up as a shell does.
     *
     * @param name the program's name
     * @return where it is, if it is on the path
     */
    public static Optional<Path> find(String name) {
        return find(name, Objects.requireNonNullElse(System.getenv("PATH"), ""));
    }

    static Optional<Path> find(String name, String path) {
        return Stream.of(SEPARATOR.split(path))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isRegularFile)
                .filter(Files::isExecutable)
                .findFirst();
    }
}
