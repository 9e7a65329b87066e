// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jvm;
import dev.sluice.testing.NothingLeft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Calls that a seccomp(2) filter refuses, each in a process of its own: the failure that is told is the real one. */
@ExtendWith(NothingLeft.class)
class RefusedTest {
    private static final int ENOSYS = 38;

    @TempDir
    private Path folder;

    /** A program to be run, given a folder: what it prints is the outcome. */
    private interface Attempt {
        Object run() throws IOException;
    }

    private static void print(Attempt attempt) {
        try {
            System.out.println(attempt.run());
        } catch (Exception failure) {
            System.out.println(failure.getMessage());
        }
    }

    static final class Statx {
        public static void main(String[] arguments) {
            Path fifo = Path.of(arguments[0]).resolve("fifo");
            Path file = Path.of(arguments[0]).resolve("file");
            Seccomp.refuse(Seccomp.STATX, ENOSYS);
            print(() -> Fifo.open(fifo));
            print(() -> {
                Fifo.create(fifo);
                return "made";
            });
            print(() -> Descriptor.open(file));
            print(() -> Descriptor.open(fifo, StandardOpenOption.WRITE));
            print(() -> Descriptor.adopt(0));
        }
    }

    @Test
    void whatAPathIsCannotBeTold() throws Exception {
        Path fifo = folder.resolve("fifo");
        Fifo.create(fifo);
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(run(Statx.class).lines())
                .containsExactly(
                        "statx " + fifo + ": ENOSYS (Function not implemented)",
                        "statx " + fifo + ": ENOSYS (Function not implemented)",
                        "statx " + file + ": ENOSYS (Function not implemented)",
                        "statx " + fifo + ": ENOSYS (Function not implemented)",
                        "statx fd 0: ENOSYS (Function not implemented)");
    }

    static final class Poll {
        public static void main(String[] arguments) throws Exception {
            try (Fifo lonely = Fifo.open(Path.of(arguments[0]).resolve("fifo"));
                    Pipe pipe = Pipe.open()) {
                Seccomp.refuse(Seccomp.PPOLL, ENOSYS);
                print(pipe.source()::awaitHangup);
                print(() -> Bytes.read(lonely));
            }
        }
    }

    /** It is no hang-up, and no end. */
    @Test
    void howAPipeStandsCannotBeTold() throws Exception {
        Fifo.create(folder.resolve("fifo"));
        assertThat(run(Poll.class).lines()).hasSize(2).allSatisfy(line -> assertThat(line)
                .endsWith("poll descriptors: ENOSYS (Function not implemented)"));
    }

    static final class Naps {
        public static void main(String[] arguments) throws Exception {
            Seccomp.refuse(Seccomp.EPOLL_PWAIT2, ENOSYS);
            try (Pipe there = Pipe.open();
                    Pipe back = Pipe.open()) {
                Thread echo = Thread.startVirtualThread(() -> print(() -> pass(there, back)));
                Thread game = Thread.startVirtualThread(() -> print(() -> {
                    Bytes.write(there.sink(), "x");
                    return pass(back, there);
                }));
                game.join();
                back.sink().close();
                there.sink().close();
                echo.join();
            }
        }

        private static String pass(Pipe from, Pipe to) throws IOException {
            for (int i = 0; i < 10_000; i++) {
                Bytes.write(to.sink(), Bytes.read(from.source()));
            }
            return "passed";
        }
    }

    /** As before Linux 5.11. */
    @Test
    void thePollerDoesWithoutNaps() throws Exception {
        assertThat(run(Naps.class).lines()).containsExactly("passed", "passed");
    }

    private String run(Class<?> main) throws Exception {
        return Java.output(Jvm.command(main, folder.toString()));
    }
}
