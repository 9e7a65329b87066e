// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code fd:N}: a descriptor that this process inherited. */
record Inherited(String text, int number) implements Address {
    @Override
    public Opened source(@Nullable Duration limit) throws IOException {
        return Checks.source(new Opened(text, adopt()));
    }

    @Override
    public Opened destination(@Nullable Opened source, @Nullable Duration limit) throws IOException {
        // One number may be both ends, a socket say; it can be taken over once.
        Descriptor descriptor =
                source != null && source.address().equals(text) ? source.descriptor() : adopt();
        return Checks.destination(new Opened(text, descriptor));
    }

    private Descriptor adopt() throws IOException {
        OwnFiles.refuse(number);
        return Descriptor.adopt(number);
    }
}
