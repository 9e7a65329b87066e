// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** The mode bits of chmod(2) for the JDK's file attributes. */
final class Permissions {
    private static final int HIGHEST = 0400;

    private Permissions() {}

    static int mode(FileAttribute<?>[] attributes, int standard) {
        int mode = standard;
        for (FileAttribute<?> attribute : attributes) {
            if (!attribute.name().equals("posix:permissions") || !(attribute.value() instanceof Set<?> permissions)) {
                throw new UnsupportedOperationException("attribute " + attribute.name());
            }
            mode = 0;
            for (Object permission : permissions) {
                // The constants stand in the order of the bits, owner's read first.
                mode |= HIGHEST >> ((PosixFilePermission) permission).ordinal();
            }
        }
        return mode;
    }
}
