// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code null:}, which has nothing to give and takes all. */
record Null(String text) implements Address {
    private static final Path DEVICE = Path.of("/dev/null");

    @Override
    public Opened source(@Nullable Duration limit) throws IOException {
        return new Opened(text, Descriptor.open(DEVICE));
    }

    @Override
    public Opened destination(@Nullable Opened source, @Nullable Duration limit) throws IOException {
        return new Opened(text, Descriptor.open(DEVICE, StandardOpenOption.WRITE));
    }
}
