// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The numbers of descriptors, and what the kernel says of them. */
final class Numbers {
    private Numbers() {}

    static int of(Descriptor descriptor) throws IOException {
        int[] number = new int[1];
        descriptor.control(fd -> number[0] = fd);
        return number[0];
    }

    /** The flags of the file description, and whether it is close-on-exec: open(2)'s constants. */
    static int flags(Descriptor descriptor) throws IOException {
        return flags("self", of(descriptor));
    }

    static int flags(String process, int number) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", process, "fdinfo", String.valueOf(number)))) {
            if (line.startsWith("flags:")) {
                return Integer.parseInt(line.substring("flags:".length()).strip(), 8);
            }
        }
        throw new AssertionError("no flags");
    }

    /** What the number refers to, such as {@code pipe:[1234]}, or "" if it is not open. */
    static String target(int number) throws IOException {
        Path link = Path.of("/proc/self/fd", String.valueOf(number));
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (java.nio.file.NoSuchFileException closed) {
            return "";
        }
    }
}
