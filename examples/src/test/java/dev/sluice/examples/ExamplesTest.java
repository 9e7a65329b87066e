// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each example runs to its end, and shows what it promises. */
class ExamplesTest {
    @Test
    void quietFifosStopTheStreamsOfTheJdkAndNotSluice() throws Exception {
        Output output = Output.ofExample(QuietFifos.class);

        assertThat(output.lines()).hasSize(4);
        assertThat(output.lines().get(1)).matches("java\\.io\\.FileInputStream +no, not within 2 s: .*");
        assertThat(output.lines().get(2)).matches("java\\.nio\\.file\\.Files +no, not within 2 s: .*");
        assertThat(output.lines().get(3)).matches("dev\\.sluice\\.Fifo +yes, after [0-9.]+ ms");
        assertThat(output.exit()).isZero();
    }

    @Test
    void aFifoOpenThatIsGivenUpLeavesNothingAndReleasesNobody() throws Exception {
        Output output = Output.ofExample(CancelFifoOpen.class);

        assertThat(output.lines()).hasSize(6);
        assertThat(output.lines().get(0)).startsWith("interrupt: java.io.InterruptedIOException");
        assertThat(output.lines().get(1)).startsWith("deadline: java.net.SocketTimeoutException");
        assertThat(output.lines().get(2)).startsWith("close: java.nio.channels.AsynchronousCloseException");
        assertThat(output.lines().subList(3, 6))
                .containsExactly(
                        "descriptors left behind: 0",
                        "cat still waits for its writer: true",
                        "and gets: the first words on this FIFO");
        assertThat(output.exit()).isZero();
    }

    @Test
    void aCopyGoesThroughTheKernelAndEndsWithItsReader() throws Exception {
        Output output = Output.ofExample(CopyWithoutCopying.class);

        assertThat(output.lines()).hasSize(5);
        Matcher copy = Pattern.compile("Copy: 268435456 bytes, (\\d+) % of them spliced, ended by END_OF_SOURCE;"
                        + " the reader got 268435456")
                .matcher(output.lines().get(0));
        assertThat(copy.matches()).as(output.lines().get(0)).isTrue();
        assertThat(Integer.parseInt(copy.group(1))).isGreaterThanOrEqualTo(90);
        assertThat(output.lines().get(1)).isEqualTo("transferTo: 268435456 bytes; the reader got 268435456");
        Matcher quiet = Pattern.compile(
                        "the reader goes, and the source is quiet: DESTINATION_GONE after ([0-9.]+) ms")
                .matcher(output.lines().get(2));
        assertThat(quiet.matches()).as(output.lines().get(2)).isTrue();
        assertThat(Double.parseDouble(quiet.group(1))).isLessThan(100);
        assertThat(output.lines().get(3)).endsWith("still waiting after 1 s");
        assertThat(output.exit()).isZero();
    }

    @Test
    void aServerIsReplacedUnderItsClientsAndNothingIsLost() throws Exception {
        Output output = Output.ofExample(Handover.class);

        assertThat(output.lines())
                .containsExactly(
                        "the old process ended with 0, the new one has the same port",
                        "lines sent and not answered: 0 of more than 10000",
                        "a line begun before and ended after is whole: true");
        assertThat(output.exit()).isZero();
    }

    @Test
    void aSystemCallOfOnesOwnWaitsAndTakesNothing() throws Exception {
        Output output = Output.ofExample(RawAccess.class);

        assertThat(output.lines())
                .containsExactly(
                        "the pipe is empty: the peeking thread is WAITING",
                        "peeked: GET / HT",
                        "bytes in the pipe: 14",
                        "read: GET / HTTP/1.1");
        assertThat(output.exit()).isZero();
    }

    @Test
    void lateWordsOfAGrandchildAreHeard() throws Exception {
        Output output = Output.ofExample(LateWords.class);

        assertThat(output.lines()).containsExactly("ProcessBuilder: early", "Child:          early late");
        assertThat(output.exit()).isZero();
    }

    @Test
    void aLogAChecksumAndALateViewerAreFedFromOnePipe() throws Exception {
        Output output = Output.ofExample(LogTapChecksum.class);

        assertThat(output.lines())
                .containsExactly(
                        "the log has 588903 bytes of 588903",
                        "the checksum is that of the log: true",
                        "the viewer, who came late, saw 100000, and then goodbye; no more");
        assertThat(output.exit()).isZero();
    }

    @Test
    void aContainersFifosOutliveWhoeverIsAttached() throws Exception {
        Output output = Output.ofExample(ContainerFifos.class);

        assertThat(output.lines())
                .containsExactly(
                        "got: hello, I am the first; read one",
                        "got: hello, I am the second; read one",
                        "the container has ended, and so has its output: true");
        assertThat(output.exit()).isZero();
    }
}
