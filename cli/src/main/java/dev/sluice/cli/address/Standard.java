// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code -}: standard input, or standard output. */
record Standard(String text) implements Address {
    private static final int INPUT = 0;
    private static final int OUTPUT = 1;

    @Override
    public Opened source(@Nullable Duration limit) throws IOException {
        return Checks.source(new Opened(text, Descriptor.adopt(INPUT)));
    }

    @Override
    public Opened destination(@Nullable Opened source, @Nullable Duration limit) throws IOException {
        return Checks.destination(new Opened(text, Descriptor.adopt(OUTPUT)));
    }
}
