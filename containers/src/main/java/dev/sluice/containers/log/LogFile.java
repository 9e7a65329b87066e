// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The file that a log is written to, and its length. Guarded by the log's lock, but for the length, which a raw file's
 * writer asks for.
 */
final class LogFile {
    private static final Logger LOG = System.getLogger(ContainerLog.class.getName());

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

    /** Opens it, and makes it if it is missing; a torn last line is cut off. Does nothing if it is open. */
    Descriptor open() throws IOException {
        Descriptor already = open;
        if (already != null) {
            return already;
        }
        Descriptor file = SafeFiles.openForWriting(folder.file(name), append);
        try {
            length = SafeFiles.size(file);
            cutTornLine(file);
            file.setPosition(length);
        } catch (IOException | RuntimeException failure) {
            file.close();
            throw failure;
        }
        open = file;
        return file;
    }

    /** Writes at the end. If it fails some of it may have been written: see {@link #keepWhole}. */
    void write(byte[] bytes, int count) throws IOException {
        open().write(ByteBuffer.wrap(bytes, 0, count));
        setLength(length() + count);
    }

    /** So many bytes have been appended by somebody else's call. */
    void advanced(long count) {
        setLength(length() + count);
    }

    /**
     * After a write that has failed: keeps what was written of it in whole entries, and of raw bytes in whole lines,
     * and cuts off the rest.
     *
     * @return how many bytes are kept
     */
    int keepWhole(EntryBuffer buffer) {
        Descriptor file = open;
        if (file == null) {
            return 0;
        }
        try {
            long written = Math.clamp(SafeFiles.size(file) - length, 0, buffer.length);
            int kept = append ? buffer.entryEnd((int) written) : buffer.lineEnd((int) written);
            cut(length + kept);
            return kept;
        } catch (IOException failing) {
            forget(file); // and look what is there when it can be opened again
            return 0;
        }
    }

    private void forget(Descriptor file) {
        open = null;
        try {
            file.close();
        } catch (IOException failing) {
            LOG.log(Level.DEBUG, "close", failing);
        }
    }

    /** Cuts it back, if it is longer. */
    void cut(long to) throws IOException {
        Descriptor file = open();
        SafeFiles.cut(file, to);
        length = Math.min(SafeFiles.size(file), to);
        file.setPosition(length);
    }

    /**
     * Cuts off a last line that has no end: the machine has lost power, or a disk was full and failing. Bytes of a raw
     * log have no such end.
     */
    private void cutTornLine(Descriptor file) throws IOException {
        if (!append || length == 0) {
            return;
        }
        long whole = LastNewline.after(folder.file(name), length);
        if (whole < length) {
            LOG.log(Level.WARNING, folder.file(name) + ": the last line was torn, and its " + (length - whole)
                    + " bytes are cut off");
            SafeFiles.cut(file, whole);
            length = whole;
        }
    }

    void close() throws IOException {
        Descriptor file = open;
        open = null;
        length = 0;
        if (file != null) {
            file.close();
        }
    }
}
