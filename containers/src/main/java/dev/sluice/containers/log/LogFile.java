// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The file that a log is written to, and its length. Guarded by the log's lock, but for the lengths, which readers of
 * this process ask for.
 */
final class LogFile {
    private final ContainerFolder folder;
    private final String name;
    private final boolean append;
    private @Nullable Descriptor open;
    private volatile long length;

    /**
     * Opens nothing yet.
     *
     * @param append whether it is opened with O_APPEND, which keeps what somebody else has cut off, but which
     *     splice(2) refuses
     */
    LogFile(ContainerFolder folder, String name, boolean append) {
        this.folder = folder;
        this.name = name;
        this.append = append;
    }

    String name() {
        return name;
    }

    long length() {
        return length;
    }

    private void setLength(long bytes) {
        length = bytes;
    }

    /** Opens it, and makes it if it is missing. Does nothing if it is open. */
    Descriptor open() throws IOException {
        Descriptor already = open;
        if (already != null) {
            return already;
        }
        Descriptor file = SafeFiles.openForWriting(folder.file(name), append);
        try {
            length = SafeFiles.size(file);
            file.setPosition(length);
        } catch (IOException | RuntimeException failure) {
            file.close();
            throw failure;
        }
        open = file;
        return file;
    }

    /** Writes at the end. If it fails some of it may have been written: see {@link #grown}. */
    void write(byte[] bytes, int count) throws IOException {
        open().write(ByteBuffer.wrap(bytes, 0, count));
        setLength(length() + count);
    }

    /** So many bytes have been appended by somebody else's call. */
    void advanced(long count) {
        setLength(length() + count);
    }

    /** {@return how many bytes a write that failed has left behind} */
    long grown() throws IOException {
        Descriptor file = open;
        return file == null ? 0 : Math.max(0, SafeFiles.size(file) - length);
    }

    /** Cuts it back, if it is longer. */
    void cut(long to) throws IOException {
        Descriptor file = open();
        SafeFiles.cut(file, to);
        length = Math.min(SafeFiles.size(file), to);
        file.setPosition(length);
    }

    void close() throws IOException {
        Descriptor file = open;
        open = null;
        if (file != null) {
            file.close();
        }
    }
}
