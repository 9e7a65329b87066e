// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Connection;
import java.io.IOException;

/** A connection that is copied to: the end of the copy is the end of what its peer reads. */
final class WrittenConnection extends Opened {
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
