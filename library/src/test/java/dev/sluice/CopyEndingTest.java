// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CopyEnd.Destination;
import dev.sluice.CopyEnd.Source;
import dev.sluice.QuietCopy.Ending;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What ends a copy whose source is quiet: at once, whatever the ends are, and whatever was copied before. */
@ExtendWith(NothingLeft.class)
class CopyEndingTest {
    /** Nothing yet; so little that it was read and written; so much that it was spliced. */
    private static final int[] TRAFFIC = {0, 42, 9_000};

    @TempDir
    Path folder;

    static Stream<Arguments> quiet() {
        return Stream.of(OnThread.values())
                .flatMap(kind -> Stream.of(Source.values())
                        .filter(Source::isLive)
                        .flatMap(source -> Stream.of(Destination.values())
                                .map(destination -> Arguments.of(source, destination, kind))));
    }

    static Stream<Arguments> quietToOneThatCanGo() {
        return quiet().filter(arguments -> ((Destination) arguments.get()[1]).isLive())
                .flatMap(arguments -> IntStream.of(TRAFFIC)
                        .mapToObj(traffic -> Arguments.of(
                                arguments.get()[0], arguments.get()[1], arguments.get()[2], traffic)));
    }

    @ParameterizedTest
    @MethodSource("quietToOneThatCanGo")
    void theDestinationGoes(Source source, Destination destination, OnThread kind, int traffic) throws Exception {
        Ending ending = quiet -> quiet.to.leave(destination);
        QuietCopy.endsPromptly(
                source, destination, folder, kind, traffic, ending, CopyResult.End.DESTINATION_GONE);
    }

    @ParameterizedTest
    @MethodSource("quiet")
    void theDestinationIsClosedHere(Source source, Destination destination, OnThread kind) throws Exception {
        ends(source, destination, kind, quiet -> quiet.to.ours().close(), CopyResult.End.CLOSED);
    }

    @ParameterizedTest
    @MethodSource("quiet")
    void theSourceIsClosedHere(Source source, Destination destination, OnThread kind) throws Exception {
        ends(source, destination, kind, quiet -> quiet.from.ours().close(), CopyResult.End.CLOSED);
    }

    @ParameterizedTest
    @MethodSource("quiet")
    void theThreadIsInterrupted(Source source, Destination destination, OnThread kind) throws Exception {
        Ending ending = quiet -> quiet.running.interrupt();
        ends(source, destination, kind, ending, CopyResult.End.INTERRUPTED);
    }

    @ParameterizedTest
    @MethodSource("quiet")
    void theDeadlineOfItsSourcePasses(Source source, Destination destination, OnThread kind) throws Exception {
        Ending ending = quiet -> quiet.from.ours().setReadDeadline(Duration.ofMillis(1));
        ends(source, destination, kind, ending, CopyResult.End.DEADLINE);
    }

    @ParameterizedTest
    @MethodSource("quietToOneThatCanGo")
    void theDeadlineOfItsDestinationPasses(Source source, Destination destination, OnThread kind, int traffic)
            throws Exception {
        Ending ending = quiet -> quiet.to.ours().setWriteDeadline(Duration.ofMillis(1));
        QuietCopy.endsPromptly(source, destination, folder, kind, traffic, ending, CopyResult.End.DEADLINE);
    }

    private void ends(
            Source source, Destination destination, OnThread kind, Ending ending, CopyResult.End expected)
            throws Exception {
        for (int traffic : TRAFFIC) {
            QuietCopy.endsPromptly(source, destination, folder, kind, traffic, ending, expected);
        }
    }

    /** A source that never runs dry, and a destination that takes all: the copy waits for nothing. */
    @ParameterizedTest
    @EnumSource
    void inTheMiddleOfAFlow(OnThread kind) throws Exception {
        for (boolean interrupted : new boolean[] {true, false}) {
            try (Descriptor zero = Descriptor.open(Path.of("/dev/zero"));
                    CopyEnd to = Destination.NULL.open(folder)) {
                Copy copy = Copy.from(zero).to(to.ours());
                Running<CopyResult> running = kind.call(copy::run);
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> copy.transferred() > 0);
                if (interrupted) {
                    running.interrupt();
                } else {
                    to.ours().close();
                }
                assertThat(running.get().end())
                        .isEqualTo(interrupted ? CopyResult.End.INTERRUPTED : CopyResult.End.CLOSED);
            }
        }
    }
}
