// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.Descriptor;
import dev.sluice.DestinationEnd;
import dev.sluice.FanOut;
import dev.sluice.containers.log.Output;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One who reads a live container's output beside its log. For any thread. */
public final class Attachment {
    private final Output output;
    private final FanOut.Destination destination;
    private final CountDownLatch over = new CountDownLatch(1);

    Attachment(Output output, FanOut.Destination destination) {
        this.output = output;
        this.destination = destination;
    }

    /** {@return which of the container's outputs it gets} */
    public Output output() {
        return output;
    }

    /** {@return where that goes} */
    public Descriptor descriptor() {
        return destination.descriptor();
    }

    /** {@return how many bytes it got} */
    public long bytes() {
        return destination.bytes();
    }

    /** {@return how many bytes it missed, since it did not keep up} */
    public long skipped() {
        return destination.skipped();
    }

    /** {@return why it gets nothing more; null as long as it does} */
    public @Nullable DestinationEnd end() {
        return destination.end();
    }

    /** Detaches it, with its descriptor open. What waits for it is not delivered. Does nothing if it is over. */
    public void detach() {
        destination.remove();
    }

    /**
     * Waits until it gets nothing more: the container has ended, its reader has gone, or it was detached. Its
     * descriptor is not used any more then.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public void awaitOver() throws InterruptedException {
        over.await();
    }

    boolean isOf(FanOut.Destination other) {
        return destination == other;
    }

    boolean isLive() {
        return over.getCount() > 0;
    }

    void isOver() {
        over.countDown();
    }
}
