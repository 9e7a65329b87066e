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
}
