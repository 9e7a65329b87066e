// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

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
            descriptor.connect(side);
            for (;;) {
                side.prepare();
                if (call.run(descriptor.number())) {
                    return;
                }
                if (!descriptor.isPollable(side.state())) {
                    throw new UnsupportedOperationException(
                            descriptor.name() + " is always ready: its readiness cannot be waited for");
                }
                side.await();
            }
        } finally {
            side.end();
        }
    }
}
