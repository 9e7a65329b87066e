// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** More quiet children than the JDK's own streams can be waited for at once: those starve from the 256th reader on. */
@ExtendWith(NothingLeft.class)
class ChildCrowdTest {
    private static final int CHILDREN = 300;

    @Test
    void hundredsOfQuietChildrenStarveNobody() throws Exception {
        List<Child> children = new ArrayList<>();
        List<Running<String>> readers = new ArrayList<>();
        try {
            ProcessBuilder cat = new ProcessBuilder("cat").redirectError(Redirect.INHERIT);
            for (int i = 0; i < CHILDREN; i++) {
                Child child = Child.start(cat);
                children.add(child);
                readers.add(OnThread.VIRTUAL.call(() -> Bytes.read(child.stdout())));
            }
            readers.forEach(Running::awaitWaiting);
            assertThat(Cpu.leastNanosDuring(Duration.ofMillis(100))).isLessThan(Duration.ofMillis(15).toNanos());

            // Others get their turn, and so does the last as well as the first of them.
            assertThat(OnThread.VIRTUAL.call(() -> "others run").get()).isEqualTo("others run");
            for (int i = CHILDREN - 1; i >= 0; i--) {
                Bytes.write(children.get(i).stdin(), "to " + i);
                assertThat(readers.get(i).get()).isEqualTo("to " + i);
            }
        } finally {
            for (Child child : children) {
                child.close();
            }
        }
        for (Child child : children) {
            assertThat(child.waitFor()).isZero();
        }
    }
}
