// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;

/**
 * The numbers of several descriptors at once, none of which can be closed meanwhile. To be held for a call that does
 * not wait: who closes one of them waits for it.
 */
public final class Lent implements AutoCloseable {
    private final List<OpenDescriptor> descriptors;
    private final int[] numbers;
    private int entered;

    private Lent(List<OpenDescriptor> descriptors) {
        this.descriptors = descriptors;
        this.numbers = new int[descriptors.size()];
    }

    /**
     * Lends them.
     *
     * @throws ClosedChannelException if one is closed
     */
    public static Lent of(List<OpenDescriptor> descriptors) throws ClosedChannelException {
        Lent lent = new Lent(descriptors);
        try {
            for (OpenDescriptor descriptor : descriptors) {
                descriptor.enter();
                lent.numbers[lent.entered++] = descriptor.number();
            }
            return lent;
        } catch (Throwable failure) {
            lent.close();
            throw failure;
        }
    }

    /** Waits until each has a number: a FIFO's writer has none before its first reader has come. */
    public static void awaitNumbers(List<OpenDescriptor> descriptors) throws IOException {
        for (OpenDescriptor descriptor : descriptors) {
            if (descriptor.isPending()) {
                Control.run(descriptor, (side, fd) -> fd);
            }
        }
    }

    public int[] numbers() {
        return numbers;
    }

    @Override
    public void close() {
        while (entered > 0) {
            descriptors.get(--entered).leave();
        }
    }
}
