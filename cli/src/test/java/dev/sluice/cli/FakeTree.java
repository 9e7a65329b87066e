// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A source tree with the real launcher in it, and stand-ins for Maven and the JDK. */
final class FakeTree {
    private static final String MVN = """
            #!/bin/sh
            echo words of the build
            cat >/dev/null
            echo build >>builds
            mkdir -p cli/target
            echo jar >cli/target/sluice.jar
            exit ${FAKE_BUILD_EXIT:-0}
            """;

    /** Makes a cache when asked for one without profiles; else prints where it is, its arguments, and its input. */
    private static final String JAVA = """
            #!/bin/sh
            for arg; do
                case $arg in
                    -XX:AOTCacheOutput=*)
                        echo noise of the training
                        cat >/dev/null
                        echo cache >>"$FAKE_HOME/caches"
                        [ "${FAKE_CACHE_EXIT:-0}" = 0 ] || exit 1
                        case " $* " in *' -XX:-AOTRecordTraining '*) ;; *) exit 1 ;; esac
                        echo cache >"${arg#*=}"
                        exit
                        ;;
                esac
            done
            echo "java $0"
            printf '[%s]\\n' "$@"
            printf 'input: '
            cat
            exit ${FAKE_EXIT:-0}
            """;

    private final Path home;
    private final Path input;
    private final Map<String, String> environment = new HashMap<>();

    FakeTree(Path folder) throws IOException {
        home = Files.createDirectories(folder.resolve("a tree"));
        input = Files.createFile(folder.resolve("input"));
        program(home.resolve("sluice"), Files.readString(launcher()));
        Files.createSymbolicLink(home.resolve("sluice-containerd-logger"), Path.of("sluice"));
        Files.writeString(home.resolve("pom.xml"), "");
        for (String module : List.of("library", "containers", "picocli", "cli")) {
            Files.writeString(Files.createDirectories(home.resolve(module)).resolve("pom.xml"), "");
        }
        for (String sources : List.of("library/src/main/java", "containers/src/main/java", "cli/src/main/java")) {
            Files.createDirectories(home.resolve(sources));
        }
        program(home.resolve("bin/mvn"), MVN);
        Path java = jdk("path", "25.0.3").resolve("bin/java");
        Files.createSymbolicLink(home.resolve("bin/java"), java);
        environment.put("PATH", home.resolve("bin") + ":/usr/bin:/bin");
        environment.put("FAKE_HOME", home.toString());
    }

    private static Path launcher() {
        return Path.of(System.getProperty("basedir", ".")).resolve("../sluice");
    }

    Path home() {
        return home;
    }

    /** Installs a JDK of this version, or another version in its place. */
    Path jdk(String name, String version) throws IOException {
        Path jdk = home.resolve("jdks").resolve(name);
        program(jdk.resolve("bin/java"), JAVA);
        program(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        Files.writeString(
                jdk.resolve("release"),
                "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\nMODULES=\"m\"\n");
        return jdk;
    }

    FakeTree with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    void input(String text) throws IOException {
        Files.writeString(input, text);
    }

    void edit(String before, String after) throws IOException {
        Path sluice = home.resolve("sluice");
        Files.writeString(sluice, Files.readString(sluice).replace(before, after));
    }

    int builds() throws IOException {
        return lines("builds");
    }

    int caches() throws IOException {
        return lines("caches");
    }

    private int lines(String file) throws IOException {
        Path path = home.resolve(file);
        return Files.exists(path) ? Files.readAllLines(path).size() : 0;
    }

    /** The folders from which commands may be running. */
    List<Path> setUps() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("cli/target/launcher"))) {
            return files.filter(Files::isDirectory).toList();
        }
    }

    Result sluice(String... args) throws Exception {
        String[] command = new String[args.length + 1];
        command[0] = "./sluice";
        System.arraycopy(args, 0, command, 1, args.length);
        return run(home, command);
    }

    Result run(Path from, String... command) throws Exception {
        return Result.of(start(from, command));
    }

    Process start(Path from, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(from.toFile()).redirectInput(input.toFile());
        builder.environment().keySet().removeAll(List.of("SLUICE_JAVA_HOME", "JAVA_HOME"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static void program(Path path, String text) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    record Result(int status, String out, String err) {
        static Result of(Process process) throws Exception {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), out, err);
        }
    }
}
