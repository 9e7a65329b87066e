// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Descriptor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** One of the files that a log consists of, open. It stays what it is when it is renamed, compressed or deleted. */
final class LogPart implements Closeable {
    private static final int GZIP_BUFFER = 16 << 10;

    private final Descriptor file;
    private final long sequence;
    private final boolean compressed;

    private LogPart(Descriptor file, long sequence, boolean compressed) {
        this.file = file;
        this.sequence = sequence;
        this.compressed = compressed;
    }

    /**
     * Opens a file by its name, or, if it has been compressed, by that with {@code .gz}.
     *
     * @param sequence its number among the files of the log, the oldest having the least
     * @return null if there is neither
     */
    static @Nullable LogPart open(Path path, long sequence) throws IOException {
        LogPart plain = open(path, sequence, false);
        return plain != null ? plain : open(path.resolveSibling(path.getFileName() + ".gz"), sequence, true);
    }

    private static @Nullable LogPart open(Path path, long sequence, boolean compressed) throws IOException {
        try {
            return new LogPart(SafeFiles.openForReading(path), sequence, compressed);
        } catch (NoSuchFileException missing) {
            return null;
        }
    }

    long sequence() {
        return sequence;
    }

    boolean isCompressed() {
        return compressed;
    }

    Descriptor descriptor() {
        return file;
    }

    long size() throws IOException {
        return SafeFiles.size(file);
    }

    /** When it was written last, in milliseconds since 1970. */
    long modified() throws IOException {
        return file.control(
                fd -> Files.getLastModifiedTime(SafeFiles.self(fd)).toMillis());
    }

    /** The lines from an offset on; what {@link #lines} gave before is void then. */
    Lines lines(long offset, EntryParser parser) throws IOException {
        return new Lines(content(offset), offset, parser);
    }

    /** Its content from an offset on, uncompressed. */
    @SuppressWarnings("MustBeClosedChecker") // it would close the file, which is closed with this part
    ReadableByteChannel content(long offset) throws IOException {
        if (!compressed) {
            file.setPosition(offset);
            return file;
        }
        file.setPosition(0);
        GZIPInputStream unzipped = new GZIPInputStream(file.inputStream(), GZIP_BUFFER);
        unzipped.skipNBytes(offset);
        return Channels.newChannel(unzipped);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
