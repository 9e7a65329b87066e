// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Connection;
import dev.sluice.ConnectionSetup;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code tcp:HOST:PORT} and {@code unix:PATH}: a connection that is made. */
record Connected(SocketPlace place) implements Address {
    @Override
    public String text() {
        return place.text();
    }

    @Override
    public Opened source(@Nullable Duration limit) throws IOException {
        return new Opened(text(), connect(limit));
    }

    @Override
    public Opened destination(@Nullable Opened source, @Nullable Duration limit) throws IOException {
        return new WrittenConnection(text(), connect(limit));
    }

    private Connection connect(@Nullable Duration limit) throws IOException {
        ConnectionSetup setup = place.connection();
        return (limit == null ? setup : setup.timeout(limit)).connect();
    }

    /** The end of the copy is the end of what its peer reads. */
    private static final class WrittenConnection extends Opened {
        private final Connection connection;

        WrittenConnection(String address, Connection connection) {
            super(address, connection);
            this.connection = connection;
        }

        @Override
        public Verdict finish(Leave leave) throws IOException, InterruptedException {
            return Farewell.say(connection, leave);
        }
    }
}
