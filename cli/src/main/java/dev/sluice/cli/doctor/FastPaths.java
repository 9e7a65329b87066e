// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.doctor;

import dev.sluice.Connection;
import dev.sluice.Descriptor;
import dev.sluice.Pipe;
import dev.sluice.cli.Libc;
import dev.sluice.cli.doctor.Finding.Health;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The calls by which the kernel moves bytes itself, each tried as it is, so that a refusal is seen and not worked
 * round.
 */
final class FastPaths {
    private static final String TOPIC = "fast paths";
    private static final int SPLICE_F_NONBLOCK = 2;
    private static final long SOME = 100;

    private final List<Finding> findings = new ArrayList<>();
    private final Path folder;

    private FastPaths(Path folder) {
        this.folder = folder;
    }

    /** @param folder where files may be made */
    static List<Finding> look(Path folder) throws IOException {
        FastPaths paths = new FastPaths(folder);
        paths.tryAll();
        return paths.findings;
    }

    private interface Attempt {
        long run(int from, int to) throws IOException;
    }

    private void tryAll() throws IOException {
        Libc splice = new Libc("splice", 6, 6, ValueLayout.JAVA_LONG);
        Libc tee = new Libc("tee", 4, 4, ValueLayout.JAVA_LONG);
        Libc sendFile = new Libc("sendfile", 4, 4, ValueLayout.JAVA_LONG);
        Libc copyFileRange = new Libc("copy_file_range", 6, 6, ValueLayout.JAVA_LONG);
        Path file = folder.resolve("source");
        Files.write(file, new byte[(int) SOME]);

        try (Pipe full = fullPipe();
                Pipe empty = Pipe.open();
                Descriptor sink = sink("spliced")) {
            note("tee", full.source(), empty.sink(), (from, to) -> tee.call(from, to, SOME, SPLICE_F_NONBLOCK));
            Attempt move = (from, to) -> splice.call(from, 0, to, 0, SOME, SPLICE_F_NONBLOCK);
            note("splice, pipe to pipe", full.source(), empty.sink(), move);
            note("splice, pipe to file", empty.source(), sink, move);
        }
        try (Descriptor source = Descriptor.open(file);
                Descriptor sink = sink("sent")) {
            note("sendfile", source, sink, (from, to) -> sendFile.call(to, from, 0, SOME));
        }
        try (Connection.Pair full = Connection.pair();
                Connection.Pair empty = Connection.pair();
                Pipe pipe = Pipe.open()) {
            full.one().write(ByteBuffer.allocate((int) SOME));
            Attempt move = (from, to) -> splice.call(from, 0, to, 0, SOME, SPLICE_F_NONBLOCK);
            note("splice, socket to pipe", full.other(), pipe.sink(), move);
            note("splice, pipe to socket", pipe.source(), empty.one(), move);
        }
        try (Descriptor source = Descriptor.open(file);
                Connection.Pair pair = Connection.pair()) {
            note("sendfile, to socket", source, pair.one(), (from, to) -> sendFile.call(to, from, 0, SOME));
        }
        try (Descriptor source = Descriptor.open(file);
                Descriptor sink = sink("ranged")) {
            note("copy_file_range", source, sink, (from, to) -> copyFileRange.call(from, 0, to, 0, SOME, 0));
        }
    }

    private Descriptor sink(String name) throws IOException {
        return Descriptor.open(folder.resolve(name), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    }

    private static Pipe fullPipe() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.allocate((int) SOME));
        return pipe;
    }

    private void note(String name, Descriptor from, Descriptor to, Attempt attempt) throws IOException {
        long[] answer = new long[1];
        from.control(source -> to.control(sink -> answer[0] = attempt.run(source, sink)));
        findings.add(
                answer[0] > 0
                        ? Finding.ok(TOPIC, name, "works")
                        : new Finding(TOPIC, name, Health.SLOWER, "refused: " + describe(answer[0])));
    }

    private static String describe(long answer) {
        return switch ((int) -answer) {
            case 0 -> "nothing moved";
            case 1 -> "EPERM (seccomp?)";
            case 18 -> "EXDEV";
            case 22 -> "EINVAL";
            case 38 -> "ENOSYS";
            case 95 -> "EOPNOTSUPP";
            default -> "errno " + -answer;
        };
    }
}
