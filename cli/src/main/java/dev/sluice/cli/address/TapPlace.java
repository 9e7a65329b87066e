// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.cli.UsageException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code unix-listen:PATH?many} and {@code tcp-listen:[HOST:]PORT?many}: each connection that comes, while the copy
 * runs.
 *
 * @param replay how many of the last bytes each gets first
 */
record TapPlace(SocketPlace place, long replay) implements Address {
    @Override
    public String text() {
        return place.text();
    }

    @Override
    public boolean isTap() {
        return true;
    }

    @Override
    public Opened source(@Nullable Duration limit) {
        throw new UsageException(text() + " is a destination");
    }

    @Override
    public Opened destination(@Nullable Opened source, @Nullable Duration limit) throws IOException {
        return new Tap(place, place.listener().open(), replay);
    }
}
