// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Connection;
import dev.sluice.Hangup;
import dev.sluice.HangupWatch;
import dev.sluice.Listener;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code tcp-listen:[HOST:]PORT} and {@code unix-listen:PATH}: the first connection that comes, and no other. */
record Accepted(SocketPlace place) implements Address {
    @Override
    public String text() {
        return place.text();
    }

    @Override
    public Opened source(@Nullable Duration limit) throws IOException {
        return new Accepting(place, place.listener().open(), false);
    }

    @Override
    public Opened destination(@Nullable Opened source, @Nullable Duration limit) throws IOException {
        return new Accepting(place, place.listener().open(), true);
    }

    /** Listens until it has met its peer, and is a connection from then on. */
    private static final class Accepting extends Opened {
        private final SocketPlace place;
        private final Listener listener;
        private final boolean isWritten;

        Accepting(SocketPlace place, Listener listener, boolean isWritten) {
            super(place.text(), listener);
            this.place = place;
            this.listener = listener;
            this.isWritten = isWritten;
        }

        @Override
        public @Nullable String whereabouts() throws IOException {
            return place.whereabouts(listener);
        }

        @Override
        public boolean meet(@Nullable Opened other, @Nullable Duration limit) throws IOException {
            if (limit != null) {
                listener.setAcceptDeadline(limit);
            }
            // A destination that goes ends the copy, also while there is nobody to copy from. (A FIFO waits itself.)
            try (@Nullable HangupWatch watch = isWritten || other == null ? null : watch(other)) {
                descriptor = listener.accept();
            } catch (ClosedChannelException gone) {
                return false;
            }
            listener.close();
            return true;
        }

        private @Nullable HangupWatch watch(Opened other) throws IOException {
            try {
                return other.canHangUp() ? other.descriptor().onHangup(this::giveUp) : null;
            } catch (UnsupportedOperationException neverGoes) {
                return null; // a device such as /dev/null
            }
        }

        private void giveUp(Hangup how) {
            if (how == Hangup.PEER_HALF_CLOSED || how == Hangup.PEER_RETURNED) {
                return;
            }
            try {
                listener.close();
            } catch (IOException closedNonetheless) {
                // and that ends the wait
            }
        }

        @Override
        public Verdict finish(Leave leave) throws IOException, InterruptedException {
            if (isWritten && descriptor instanceof Connection connection) {
                return Farewell.say(connection, leave);
            }
            return super.finish(leave);
        }

        @Override
        public void close() throws IOException {
            try (listener) {
                super.close();
            }
        }
    }
}
