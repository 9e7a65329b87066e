// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Descriptor;
import dev.sluice.cli.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code fd:N}: a descriptor that this process inherited. */
record Inherited(String text, int number) implements Address {
    private static final int STANDARD_ERROR = 2;
    private static final int CLOSE_ON_EXEC = 02000000;

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
        if (number > STANDARD_ERROR && isOfTheJvm()) {
            throw new Fault("adopt fd " + number + ": EBADF (Bad file descriptor)");
        }
        return Descriptor.adopt(number);
    }

    /** Where the user left a number free, the JVM's own files took it: they are not what the user means. */
    private boolean isOfTheJvm() throws IOException {
        Path link = Path.of("/proc/self/fd/" + number);
        if (!Files.isSymbolicLink(link)) {
            return false; // not open at all, and the library says it better
        }
        String target = Files.readSymbolicLink(link).toString();
        return target.equals(System.getProperty("java.home") + "/lib/modules")
                || target.equals(System.getProperty("java.class.path"))
                || target.endsWith("/sluice.aot")
                || (flags() & CLOSE_ON_EXEC) != 0;
    }

    private int flags() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + number))) {
            if (line.startsWith("flags:")) {
                return Integer.parseInt(line.substring("flags:".length()).strip(), 8);
            }
        }
        return 0;
    }
}
