// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells one run of the kernel from the next. */
final class Boots {
    private static final Path ID = Path.of("/proc/sys/kernel/random/boot_id");

    private Boots() {}

    /** {@return the boot id, as proc_sys_kernel(5) has it; empty where it is hidden} */
    static String id() {
        try {
            return Files.readString(ID).strip();
        } catch (IOException hidden) {
            return "";
        }
    }
}
