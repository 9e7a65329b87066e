// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;

/** A program of its own, which is refused something by seccomp(2), and says how its copies went. */
final class CopyRefused {
    private static final int SIZE = 2 << 20;

    private CopyRefused() {}

    /** @param arguments what to refuse, and with which errno; where to keep a file */
    public static void main(String[] arguments) throws Exception {
        int errno = Integer.parseInt(arguments[1]);
        switch (arguments[0]) {
            case "splice" -> Seccomp.refuse(Seccomp.SPLICE, errno);
            case "copy_file_range" -> Seccomp.refuse(Seccomp.COPY_FILE_RANGE, errno);
            case "growth" -> Seccomp.refuseToGrowPipes(errno);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        byte[] bytes = Bytes.noise(SIZE, errno);
        Path folder = Path.of(arguments[2]);
        for (OnThread kind : OnThread.values()) {
            if (arguments[0].equals("copy_file_range")) {
                betweenFiles(kind, bytes, folder);
            } else {
                betweenPipes(kind, bytes);
            }
        }
    }

    private static void betweenPipes(OnThread kind, byte[] bytes) throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            Running<Boolean> feeder = kind.run(() -> {
                from.sink().write(ByteBuffer.wrap(bytes));
                from.sink().close();
            });
            Running<CopyResult> copy = kind.call(() -> {
                CopyResult result = Copy.from(from.source()).to(to.sink()).run();
                to.sink().close();
                return result;
            });
            byte[] got = Bytes.readAll(to.source());
            feeder.get();
            report(copy.get(), Arrays.equals(got, bytes), from.source().pipeCapacity());
        }
    }

    private static void betweenFiles(OnThread kind, byte[] bytes, Path folder) throws Exception {
        Path file = Files.write(folder.resolve("from"), bytes);
        Path other = Files.createTempFile(folder, "to", "");
        try (Descriptor from = Descriptor.open(file);
                Descriptor to = Descriptor.open(other, StandardOpenOption.WRITE)) {
            CopyResult result = kind.call(() -> Copy.from(from).to(to).run()).get();
            report(result, Arrays.equals(Files.readAllBytes(other), bytes), 0);
        }
    }

    private static void report(CopyResult result, boolean whole, int capacity) {
        PrintStream out = System.out;
        out.printf(
                Locale.ROOT,
                "%s whole=%s bytes=%d all-copied=%s refusals=%d capacity=%d%n",
                result.end(),
                whole,
                result.bytes(),
                result.copied() == result.bytes(),
                result.refusals(),
                capacity);
    }
}
