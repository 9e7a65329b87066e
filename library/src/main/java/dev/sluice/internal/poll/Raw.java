// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.PollCalls;
import java.io.IOException;

/** Raw access: a callback gets the number, and is run again at each readiness until it says that it is done. */
public final class Raw {
    /** The callback. */
    @FunctionalInterface
    public interface Call {
        /** @return whether it is done */
        boolean run(int fd) throws IOException;
    }

    private Raw() {}

    public static void run(Side side, Call call) throws IOException {
        side.begin();
        try {
            OpenDescriptor descriptor = side.owner();
            Peers.connect(side);
            side.prepare();
            if (call.run(descriptor.number())) {
                return;
            }
            if (!descriptor.isPollable(side.state())) {
                throw new UnsupportedOperationException(
                        descriptor.name() + " is always ready: its readiness cannot be waited for");
            }
            side.await();
            runAgain(side, call);
        } finally {
            side.end();
        }
    }

    /**
     * After the first wait: a callback that is not done although the descriptor is ready waits for more than that, for
     * a hundred bytes, say, or for a pipe's next writer. To a virtual thread, readiness is an edge, and the next one
     * comes when something has changed; but for a large write into a pipe that is not empty, which tells nobody while
     * it waits for room (pipe_write in the kernel's fs/pipe.c). So it looks too, seldom. To poll(2) readiness is a
     * level, which would end every wait at once: there, it is looked at from time to time.
     */
    private static void runAgain(Side side, Call call) throws IOException {
        boolean virtual = Thread.currentThread().isVirtual();
        try (Pace pace = virtual ? Pace.rare() : new Pace()) {
            for (;;) {
                side.prepare();
                if (call.run(side.owner().number())) {
                    return;
                }
                if (!isReady(side)) {
                    side.await();
                } else if (virtual) {
                    Waiting.await(side, side.events(), pace.next());
                } else {
                    Waiting.pause(side, null, pace.next());
                }
            }
        }
    }

    private static boolean isReady(Side side) {
        return PollCalls.pollNow(side.state(), side.owner().number(), side.events()) != 0;
    }
}
