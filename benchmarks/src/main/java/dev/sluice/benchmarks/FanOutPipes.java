// SPDX-License-Identifier: Apache-2.0
package dev.sluice.benchmarks;

import dev.sluice.Copy;
import dev.sluice.Descriptor;
import dev.sluice.FanOut;
import dev.sluice.SlowPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * How fast are bytes spread from one pipe to many?
 *
 * <p>{@code FanOutPipes FD...} spreads standard input to those descriptors, each of which holds the source back;
 * {@code FanOutPipes copy} copies it to standard output instead. On the main thread, or on a virtual one where {@code
 * virtual} is among the words. {@code benchmarks/run/fan-out} measures it from outside.
 */
public final class FanOutPipes {
    private FanOutPipes() {}

    public static void main(String[] arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(arguments));
        boolean virtual = words.remove("virtual");
        Descriptor source = Descriptor.adopt(0);
        if (words.remove("copy")) {
            run(virtual, Copy.from(source).to(Descriptor.adopt(1))::run);
            return;
        }
        FanOut fanOut = FanOut.from(source);
        for (String fd : words) {
            fanOut.add(Descriptor.adopt(Integer.parseInt(fd)), SlowPolicy.block());
        }
        run(virtual, fanOut::run);
    }

    private static <T> void run(boolean virtual, Callable<T> work) throws Exception {
        if (virtual) {
            FutureTask<T> task = new FutureTask<>(work);
            Thread.ofVirtual().start(task);
            task.get();
        } else {
            work.call();
        }
    }
}
