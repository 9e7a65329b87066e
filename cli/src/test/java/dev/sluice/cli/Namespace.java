// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A network namespace that ip-netns(8) has made.
 *
 * @param name its name
 */
record Namespace(String name) {
    private static final int CLONE_NEWNET = 0x40000000;

    private Path path() {
        return Path.of("/run/netns", name);
    }

    /** What starts a command in there: it becomes the command, and so keeps its process's number. */
    List<String> prefix() {
        return List.of("nsenter", "--net=" + path());
    }

    /**
     * Does something in there, on a thread of its own. A socket belongs for all its life to the namespace in which it
     * was made, so only making it needs this.
     */
    <T> T call(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            enter();
            return work.call();
        });
        Thread.ofPlatform().daemon().start(task);
        try {
            return task.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        }
    }

    // A thread that has entered never comes back: it ends.
    private void enter() {
        Libc open = new Libc("open", 2, 2, ValueLayout.JAVA_INT);
        try (Arena arena = Arena.ofConfined()) {
            long descriptor = open.call(arena.allocateFrom(path().toString()).address(), 0);
            long entered = new Libc("setns", 2, 2, ValueLayout.JAVA_INT)
                    .call(descriptor, CLONE_NEWNET);
            new Libc("close", 1, 1, ValueLayout.JAVA_INT).call(descriptor);
            if (entered < 0) {
                throw new IllegalStateException("setns " + name + ": " + entered);
            }
        }
    }
}
