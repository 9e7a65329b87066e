// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where the library's own classes lie, for tests that look at them as files. */
final class BuiltClasses {
    private BuiltClasses() {}

    static Path folder() {
        try {
            return Path.of(Descriptor.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
