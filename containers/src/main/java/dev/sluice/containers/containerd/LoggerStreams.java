// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.containerd;

import dev.sluice.Descriptor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The descriptors that containerd starts a {@code binary://} logger with: the reading ends of two pipes, and the
 * writing end of a third that waits for the logger to be ready. The container starts only then.
 *
 * @param stdout what the container writes to its standard output
 * @param stderr likewise, its standard error
 * @param ready is to be written one byte to, and closed
 */
public record LoggerStreams(Descriptor stdout, Descriptor stderr, Descriptor ready) implements Closeable {
    private static final int STDOUT = 3;
    private static final int STDERR = 4;
    private static final int READY = 5;

    private static final int FILE_TYPE = 0170000;
    private static final int PIPE = 0010000;

    /**
     * Takes over numbers 3, 4 and 5, in this order. None of them is passed on to any process that is started.
     *
     * @return the streams, to be closed by the caller
     * @throws FileSystemException if one of them is not open, or no pipe
     */
    public static LoggerStreams inherit() throws IOException {
        for (int number : new int[] {STDOUT, STDERR, READY}) {
            checkPipe(number);
        }
        return new LoggerStreams(Descriptor.adopt(STDOUT), Descriptor.adopt(STDERR), Descriptor.adopt(READY));
    }

    // Where nobody has put a pipe there, the number may be that of a file of the JVM's own.
    private static void checkPipe(int number) throws IOException {
        Path open = Path.of("/proc/self/fd", Integer.toString(number));
        if (!Files.exists(open) || ((int) Files.getAttribute(open, "unix:mode") & FILE_TYPE) != PIPE) {
            throw new FileSystemException(
                    "fd " + number, null, "no pipe is open there: containerd starts this program, by a binary:// URI");
        }
    }

    /**
     * Tells containerd that all is open and read from now on. The byte is for {@code binary-v2}, which takes a mere end
     * for a failure.
     */
    void sayReady() throws IOException {
        try (ready) {
            ready.write(ByteBuffer.wrap(new byte[] {1}));
        }
    }

    @Override
    public void close() throws IOException {
        try (ready;
                stderr) {
            stdout.close();
        }
    }
}
