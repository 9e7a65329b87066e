// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves an open descriptor or a platform thread behind.
 *
 * <p>What stays for good by design is left out: see {@link OpenFiles} and {@link LiveThreads}.
 */
public final class NothingLeft implements BeforeAllCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace MINE = ExtensionContext.Namespace.create(NothingLeft.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private record Before(List<String> files, List<String> threads) {}

    /** Made by JUnit. */
    public NothingLeft() {}

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        warmUp();
        context.getStore(MINE).put("before", new Before(OpenFiles.now(), LiveThreads.now()));
    }

    // The JDK's channels open a descriptor of their own at their first use, and keep it.
    private static void warmUp() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().close();
        pipe.sink().close();
        SocketChannel.open().close();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Before before = Objects.requireNonNull(context.getStore(MINE).get("before", Before.class));
        List<String> left = new ArrayList<>();
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        left.clear();
                        left.addAll(more(OpenFiles.now(), before.files()));
                        left.addAll(more(LiveThreads.now(), before.threads()));
                        return left.isEmpty();
                    });
        } catch (ConditionTimeoutException late) {
            throw new AssertionError(context.getDisplayName() + " left behind: " + left, late);
        }
    }

    private static List<String> more(List<String> now, List<String> before) {
        List<String> more = new ArrayList<>(now);
        before.forEach(more::remove);
        return more;
    }
}
