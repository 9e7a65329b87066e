// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Makes each change of the public API a change of a checked-in file, so that none happens unseen. */
class PublicApiTest {
    private static final Path DUMP = Path.of(System.getProperty("basedir", "."), "api", "dev.sluice.txt");
    private static final String UPDATE = "mvn -pl library test -Dtest=PublicApiTest -Dapi.update";

    @Test
    void thePublicApiIsTheOneInTheDump() throws Exception {
        String api = publicApi();
        if (Boolean.getBoolean("api.update")) {
            Files.createDirectories(DUMP.getParent());
            Files.writeString(DUMP, api);
        }
        assertThat(DUMP).as("the dump of the public API; make it with: %s", UPDATE).exists();
        assertThat(api)
                .as("the public API, against %s; if the change is meant, update with: %s", DUMP, UPDATE)
                .isEqualTo(Files.readString(DUMP));
    }

    private static String publicApi() throws Exception {
        StringBuilder api = new StringBuilder();
        for (String name : publicClasses()) {
            if (!api.isEmpty()) {
                api.append('\n');
            }
            api.append(describe(name));
        }
        return api.toString();
    }

    private static List<String> publicClasses() throws IOException, ClassNotFoundException {
        List<String> names;
        try (Stream<Path> files = Files.list(BuiltClasses.folder().resolve("dev/sluice"))) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                    .map(file -> "dev.sluice." + file.substring(0, file.length() - ".class".length()))
                    .sorted()
                    .toList();
        }
        List<String> visible = new ArrayList<>();
        for (String name : names) {
            if (isVisible(Class.forName(name, false, Descriptor.class.getClassLoader()))) {
                visible.add(name);
            }
        }
        return visible;
    }

    /** Whether users can reach the class: it and all around it are public, or protected inside of a class. */
    private static boolean isVisible(Class<?> type) {
        if (type.isAnonymousClass() || type.isLocalClass()) {
            return false;
        }
        boolean visible = Modifier.isPublic(type.getModifiers()) || Modifier.isProtected(type.getModifiers());
        Class<?> outer = type.getDeclaringClass();
        return visible && (outer == null || isVisible(outer));
    }

    /** What javap says, its members sorted: their order in the source file means nothing to users. */
    private static String describe(String name) {
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        ToolProvider javap = ToolProvider.findFirst("javap").orElseThrow();
        String classes = BuiltClasses.folder().toString();
        int status = javap.run(
                new PrintWriter(out), new PrintWriter(errors), "-protected", "-constants", "-cp", classes, name);
        assertThat(status).as("javap %s: %s", name, errors).isZero();

        List<String> lines = out.toString().lines()
                .filter(Predicate.not(line -> line.startsWith("Compiled from ")))
                .toList();
        Stream<String> members = lines.stream().filter(line -> line.startsWith("  ")).sorted();
        return Stream.of(Stream.of(lines.getFirst()), members, Stream.of(lines.getLast()))
                .flatMap(part -> part)
                .reduce("", (text, line) -> text + line + "\n");
    }
}
