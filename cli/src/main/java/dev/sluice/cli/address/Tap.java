// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Listener;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A destination that any number of readers connect to, and leave, while the copy runs. */
public final class Tap extends Opened {
    private final SocketPlace place;
    private final Listener listener;
    private final long replay;

    Tap(SocketPlace place, Listener listener, long replay) {
        super(place.text(), listener);
        this.place = place;
        this.listener = listener;
        this.replay = replay;
    }

    /** How many of the last bytes a reader gets first. */
    public long replay() {
        return replay;
    }

    /**
     * Waits for the next reader.
     *
     * @throws java.nio.channels.ClosedChannelException when the tap is closed
     * @throws IOException if it cannot go on accepting
     */
    public Opened accept() throws IOException {
        return new WrittenConnection(address(), listener.accept());
    }

    @Override
    public @Nullable String whereabouts() throws IOException {
        return place.whereabouts(listener);
    }
}
