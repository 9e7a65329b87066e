// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Descriptor;
import dev.sluice.Pipe;
import dev.sluice.containers.log.Inodes;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.Other;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class PipeSearchTest {
    @Test
    void aPipeIsFoundAtWhoeverWritesIntoItWithAllThatNobodyHasRead() throws IOException {
        Pipe pipe = Pipe.open();
        long inode = Inodes.of(pipe.source());
        try (Other writer = writer(pipe)) {
            Awaitility.await().until(() -> writer.output().contains("written"));
            pipe.close();

            Map<Long, Descriptor> found = PipeSearch.find(Set.of(inode, 1L));

            assertThat(found).containsOnlyKeys(inode);
            try (Descriptor again = Objects.requireNonNull(found.get(inode))) {
                ByteBuffer buffer = ByteBuffer.allocate(100);
                again.read(buffer);
                assertThat(new String(buffer.array(), 0, buffer.position(), UTF_8)).isEqualTo("unread");
                assertThat(ProcessHandle.of(writer.pid()).orElseThrow().destroyForcibly()).isTrue();
                assertThat(again.read(buffer)).isNegative();
            }
        }
    }

    private static Other writer(Pipe pipe) throws IOException {
        long number = pipe.sink().control(fd -> fd);
        String path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + number;
        return Other.start("sh", "-c", "exec 3>" + path + "; printf unread >&3; echo written; exec sleep 60");
    }

    @Test
    void aPipeThatNobodyWritesIntoIsNotFound() throws IOException {
        try (Pipe pipe = Pipe.open()) {
            assertThat(PipeSearch.find(List.of(Inodes.of(pipe.source())))).isEmpty();
        }
        assertThat(PipeSearch.find(List.of())).isEmpty();
    }
}
