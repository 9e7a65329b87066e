// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jvm;
import dev.sluice.testing.OnThread;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the JDK's Flight Recorder is told, and that it is not even loaded where nobody records. */
class RecorderTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void whatAnOperatorWantsToSeeIsRecorded(OnThread kind) throws Exception {
        List<String> command = Jvm.command(Recorded.class, folder.toString(), "true", kind.name());
        List<String> events = Java.output(command).lines().toList();
        assertThat(events).containsExactlyInAnyOrder(
                        "Wait: read, pipe (read end)",
                        "Wait: read, pipe (read end)",
                        "Wait: write, fifo",
                        "Copy: pipe (read end), copy, 65536, 65536, 0, END_OF_SOURCE",
                        "Fallback: pipe (read end), appended, splice, EINVAL (Invalid argument)",
                        "Copy: pipe (read end), appended, 65536, 0, 1, LIMIT",
                        "Wait: any, pipe (read end) and 2 more",
                        "Wait: any, pipe (read end) and 2 more",
                        "Gap: pipe (write end), 65536",
                        "DestinationEnd: pipe (write end), REMOVED, 65536, 131072, 1",
                        "DestinationEnd: /dev/null, END_OF_SOURCE, 196608, 0, 0",
                        "Wait: any, pipe (read end) and 2 more",
                        "DestinationEnd: pipe (write end), DROPPED, 65536, 131072, 0",
                        "DestinationEnd: /dev/null, END_OF_SOURCE, 196608, 0, 0");
    }

    @ParameterizedTest
    @EnumSource
    void whoDoesNotRecordLoadsNoEvent(OnThread kind) throws Exception {
        List<String> command = Jvm.command(Recorded.class, folder.toString(), "false", kind.name());
        command.add(1, "-Xlog:class+load");
        assertThat(Java.output(command).lines())
                .anyMatch(line -> line.contains("dev.sluice.internal.poll.Recorder "))
                .noneMatch(line -> line.matches(".*(jdk\\.jfr\\.Event|dev\\.sluice\\.\\S+Event) .*"));
    }
}
