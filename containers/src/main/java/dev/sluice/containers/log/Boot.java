// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells one run of the kernel from the next, after which no pipe and no inode number is what it was. */
public final class Boot {
    private static final Path ID = Path.of("/proc/sys/kernel/random/boot_id");

    private Boot() {}

    /** {@return the boot id} See proc_sys_kernel(5). Empty where the kernel does not tell it. */
    public static String id() {
        try {
            return Files.readString(ID).strip();
        } catch (IOException hidden) {
            return "";
        }
    }
}
