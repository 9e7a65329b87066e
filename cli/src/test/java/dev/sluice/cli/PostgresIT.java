// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Needs;
import dev.sluice.testing.NeedsTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** pgbench and psql, through the proxy, to PostgreSQL: by TCP, and from TCP to its Unix-domain socket. */
@NeedsTool("setpriv")
@SuppressWarnings("NullAway.Init")
class PostgresIT {
    @TempDir
    private static Path folder;

    private static Path programs;
    private static Server postgres;
    private static RunningProxy proxy;
    private static RunningProxy toUnix;

    @BeforeAll
    static void start() throws Exception {
        programs = programs();
        // The server refuses to run as root.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        String port = String.valueOf(Listening.freePort());
        Path data = folder.resolve("data");
        assertThat(sh(String.join(" ", as("initdb", "-D", data.toString(), "-A", "trust", "-U", "test", "--no-sync"))))
                .contains("Success");
        Path socket = folder.resolve(".s.PGSQL." + port);
        postgres = Server.start(
                folder.resolve("postgres.log"),
                "unix:" + socket,
                as("postgres", "-D", data.toString(), "-k", folder.toString(), "-p", port, "-F",
                        "-c", "listen_addresses=127.0.0.1"));
        proxy = RunningProxy.start("tcp:127.0.0.1:" + port);
        toUnix = RunningProxy.start("unix:" + socket);
        sh("until " + programs.resolve("pg_isready") + " -q -h " + folder + " -p " + port + "; do sleep 0.05; done");
        sh(programs.resolve("createdb") + " -U test -h " + folder + " -p " + port + " bench");
    }

    private static Path programs() throws IOException {
        List<Path> folders = new ArrayList<>();
        for (String path : Objects.requireNonNullElse(System.getenv("PATH"), "").split(":", -1)) {
            folders.add(Path.of(path));
        }
        // Debian keeps them off the path.
        Path versions = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(versions)) {
            try (Stream<Path> each = Files.list(versions)) {
                each.map(version -> version.resolve("bin")).forEach(folders::add);
            }
        }
        List<Path> found = folders.stream()
                .filter(path -> Stream.of("initdb", "postgres", "pgbench", "psql")
                        .allMatch(name -> Files.isExecutable(path.resolve(name))))
                .toList();
        Needs.check(!found.isEmpty(), "PostgreSQL: initdb, postgres, pgbench and psql in one folder");
        return found.getFirst();
    }

    /** A program of PostgreSQL's, run by an ordinary user: where this is root, by nobody. */
    private static List<String> as(String program, String... arguments) {
        List<String> words = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            words.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        words.add(programs.resolve(program).toString());
        words.addAll(List.of(arguments));
        return words;
    }

    @AfterAll
    static void stop() throws Exception {
        try (AutoCloseable server = postgres;
                RunningProxy first = proxy;
                RunningProxy second = toUnix) {
            assertThat(server).isNotNull();
            for (RunningProxy each : List.of(first, second)) {
                each.awaitNoConnection();
                assertThat(each.said()).isEmpty();
            }
        }
    }

    private static String sh(String script) throws Exception {
        ProcessBuilder builder = Sluice.script(folder, script).redirectErrorStream(true);
        Sluice.Result result = Sluice.Result.of(builder.start());
        assertThat(result.exit()).as(result.out()).isZero();
        return result.out();
    }

    /** A client of the server's, that reaches it through this proxy. */
    private static String client(String program, RunningProxy through) {
        return programs.resolve(program) + " -U test -h 127.0.0.1 -p " + through.port() + " ";
    }

    private static String psql(RunningProxy through) {
        return client("psql", through) + "-X -q -A -t -v ON_ERROR_STOP=1 bench ";
    }

    private static String bench(RunningProxy through, String options) throws Exception {
        return sh(client("pgbench", through) + options + " bench");
    }

    private static String query(RunningProxy through, String statement) throws Exception {
        return sh(psql(through) + "-c \"" + statement + "\"");
    }

    @Test
    void theBenchmark() throws Exception {
        assertThat(bench(proxy, "-q -i -s 1")).contains("done");
        for (RunningProxy each : List.of(proxy, toUnix)) {
            for (String protocol : List.of("simple", "prepared")) {
                String report = bench(each, "-n -c 8 -j 2 -T 1 -M " + protocol);
                assertThat(report).containsPattern("actually processed: [1-9]").contains("failed transactions: 0 ");
                System.out.println("pgbench " + protocol + ": " + report.replaceAll("(?s).*(tps = \\S+).*", "$1"));
            }
        }
        // What the bench has written adds up: each transaction counted in four tables.
        assertThat(query(toUnix, "select (select sum(abalance) from pgbench_accounts)"
                        + " = (select sum(delta) from pgbench_history)"))
                .isEqualTo("t\n");
    }

    @Test
    void largeResultsAndLargeInput() throws Exception {
        for (RunningProxy each : List.of(proxy, toUnix)) {
            String expected = sh("seq 500000 | sha256sum");
            assertThat(sh(psql(each) + "-c 'select generate_series(1, 500000)' | sha256sum"))
                    .isEqualTo(expected);
            query(each, "drop table if exists numbers; create table numbers (n int)");
            assertThat(sh("seq 500000 | " + psql(each) + "-c '\\copy numbers from stdin'"))
                    .isEmpty();
            assertThat(query(each, "select count(*), sum(n::bigint) from numbers"))
                    .isEqualTo("500000|125000250000\n");
        }
    }

    @Test
    void aConnectionThatTheServerEnds() throws Exception {
        for (RunningProxy each : List.of(proxy, toUnix)) {
            assertThat(sh("! " + psql(each) + "-c 'select pg_terminate_backend(pg_backend_pid())'"))
                    .contains("terminating connection due to administrator command");
        }
    }
}
