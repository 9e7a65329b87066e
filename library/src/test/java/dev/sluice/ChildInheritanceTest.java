// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jvm;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a child has of its parent's, and what it must not have. */
@ExtendWith(NothingLeft.class)
class ChildInheritanceTest {
    private static final String SHOW_SIGNALS = "grep Sig /proc/self/status";
    private static final int SIGPIPE = 13;

    private static String output(ProcessBuilder builder) throws Exception {
        try (Child child = Child.start(builder)) {
            String output = new String(Bytes.readAll(child.stdout()), US_ASCII);
            assertThat(child.waitFor()).isZero();
            return output;
        }
    }

    /** The shell asks of itself, since ls would have its own descriptor of the folder. */
    @Test
    void noDescriptorButItsThreeStreams() throws Exception {
        List<Pipe> others = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                others.add(Pipe.open());
            }
            assertThat(output(new ProcessBuilder("sh", "-c", "ls /proc/$$/fd")).split("\\s"))
                    .containsExactly("0", "1", "2");
        } finally {
            for (Pipe pipe : others) {
                pipe.close();
            }
        }
    }

    @Test
    void noSignalIsIgnoredOrBlocked() throws Exception {
        String signals = output(new ProcessBuilder("sh", "-c", SHOW_SIGNALS));
        assertThat(has(signals, "SigIgn", SIGPIPE)).isFalse();
        assertThat(has(signals, "SigBlk", SIGPIPE)).isFalse();
    }

    /** As under a program that ignores it and does not reset it for whom it starts. */
    @Test
    void notEvenInAJvmThatWasStartedToIgnoreIt() throws Exception {
        ProcessBuilder shell = new ProcessBuilder(
                "sh", "-c", "trap '' PIPE; grep SigIgn /proc/self/status | sed s/SigIgn/Before/; exec \"$@\"", "sh");
        shell.command().addAll(Jvm.command(ShowSignals.class));
        String signals = output(shell);
        assertThat(has(signals, "Before", SIGPIPE)).isTrue();
        assertThat(has(signals, "SigIgn", SIGPIPE)).isFalse();
    }

    /** Starts a child and passes its output on. */
    static final class ShowSignals {
        private ShowSignals() {}

        public static void main(String[] arguments) throws Exception {
            System.out.print(output(new ProcessBuilder("sh", "-c", SHOW_SIGNALS)));
        }
    }

    private static boolean has(String status, String mask, int signal) {
        Matcher line = Pattern.compile(mask + ":\\s*([0-9a-f]+)").matcher(status);
        assertThat(line.find()).as(status).isTrue();
        return (Long.parseUnsignedLong(line.group(1), 16) >>> (signal - 1) & 1) != 0;
    }

    /** If one had another's writing end, that one's output would not end before it. */
    @Test
    void childrenThatStartAtOnceHaveNothingOfEachOther() throws Exception {
        List<Child> lasting = new ArrayList<>();
        List<Running<Child>> starting = new ArrayList<>();
        List<Running<String>> passing = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                OnThread kind = OnThread.values()[i % 2];
                starting.add(kind.call(() -> Child.start(new ProcessBuilder("cat"))));
                passing.add(kind.call(() -> output(new ProcessBuilder("echo", "over"))));
            }
            for (Running<String> one : passing) {
                assertThat(one.get()).isEqualTo("over\n");
            }
            for (Running<Child> one : starting) {
                lasting.add(one.get());
            }
            assertThat(lasting).allSatisfy(child -> {
                assertThat(child.process().isAlive()).isTrue();
                assertEnds(child);
            });
        } finally {
            for (Child child : lasting) {
                child.close();
            }
        }
    }

    private static void assertEnds(Child cat) throws IOException {
        cat.stdin().close();
        assertThat(Bytes.readAll(cat.stdout())).isEmpty();
    }
}
