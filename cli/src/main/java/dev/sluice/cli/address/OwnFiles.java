// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.cli.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of the JVM: where the user left a number free, it took it, and that is not what the user means. */
public final class OwnFiles {
    private static final int STANDARD_ERROR = 2;
    private static final int CLOSE_ON_EXEC = 02000000;

    private OwnFiles() {}

    /**
     * Refuses a number that was not inherited but taken by the JVM, as if nothing were open there.
     *
     * @throws IOException EBADF if it is one
     */
    public static void refuse(int number) throws IOException {
        if (number > STANDARD_ERROR && isOfTheJvm(number)) {
            throw new Fault("adopt fd " + number + ": EBADF (Bad file descriptor)");
        }
    }

    private static boolean isOfTheJvm(int number) throws IOException {
        Path link = Path.of("/proc/self/fd/" + number);
        if (!Files.isSymbolicLink(link)) {
            return false; // not open at all, and the library says it better
        }
        String target = Files.readSymbolicLink(link).toString();
        return target.equals(System.getProperty("java.home") + "/lib/modules")
                || target.equals(System.getProperty("java.class.path"))
                || target.endsWith("/sluice.aot")
                || (flags(number) & CLOSE_ON_EXEC) != 0;
    }

    private static int flags(int number) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + number))) {
            if (line.startsWith("flags:")) {
                return Integer.parseInt(line.substring("flags:".length()).strip(), 8);
            }
        }
        return 0;
    }
}
