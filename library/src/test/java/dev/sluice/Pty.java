// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A pseudo-terminal: see pty(7). What is written to one side is read from the other. */
record Pty(Descriptor master, Descriptor slave) implements AutoCloseable {
    private static final int TIOCSPTLCK = 0x40045431;
    private static final int TIOCGPTN = 0x80045430;

    /** One that passes all bytes on as they are, both ways. */
    static Pty raw() throws IOException {
        Pty pty = cooked();
        Libc.makeRaw(pty.slave);
        return pty;
    }

    /** One that echoes, edits lines, and writes a carriage return before each newline, as new ones do. */
    static Pty cooked() throws IOException {
        Descriptor master =
                Descriptor.open(Path.of("/dev/ptmx"), StandardOpenOption.READ, StandardOpenOption.WRITE);
        Libc.ioctl(master, TIOCSPTLCK, 0);
        Path slave = Path.of("/dev/pts", String.valueOf(Libc.ioctl(master, TIOCGPTN, 0)));
        return new Pty(master, Descriptor.open(slave, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public void close() throws IOException {
        slave.close();
        master.close();
    }
}
