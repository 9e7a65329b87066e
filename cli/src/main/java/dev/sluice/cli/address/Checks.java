// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Descriptor;
import dev.sluice.cli.Fault;
import java.io.IOException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out what would make a copy fail before it moves a byte, while nothing has been created or truncated for it. */
final class Checks {
    private static final String NOT_OPEN_FOR_IT = ": EBADF (Bad file descriptor), not open for ";

    private Checks() {}

    /** Passes a source that can be read from; closes any other. */
    static Opened source(Opened end) throws IOException {
        try {
            requireReadable(end.descriptor());
            @Nullable BasicFileAttributes attributes = attributes(end.descriptor());
            if (attributes != null && attributes.isDirectory()) {
                throw new Fault("read " + end.descriptor() + ": EISDIR (Is a directory)");
            }
            return end;
        } catch (Throwable failure) {
            end.close();
            throw failure;
        }
    }

    /** Passes a destination that can be written to; closes any other. */
    static Opened destination(Opened end) throws IOException {
        try {
            end.descriptor().outputStream(); // only to be told
            return end;
        } catch (NonWritableChannelException readOnly) {
            end.close();
            throw new Fault("write " + end.descriptor() + NOT_OPEN_FOR_IT + "writing");
        }
    }

    /** Refuses a path that is the very file that is copied from, before that is truncated. */
    static void notTheSame(Opened source, Path path) throws IOException {
        @Nullable Object there = regularFileKey(path);
        @Nullable BasicFileAttributes attributes = there == null ? null : attributes(source.descriptor());
        if (attributes != null && there != null && there.equals(attributes.fileKey())) {
            throw new Fault("copy " + source.descriptor()
                    + ": EINVAL (Invalid argument), source and destination are the same");
        }
    }

    private static @Nullable Object regularFileKey(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.isRegularFile() ? attributes.fileKey() : null;
        } catch (IOException notThere) {
            return null; // to open it will tell why
        }
    }

    private static void requireReadable(Descriptor descriptor) throws IOException {
        try {
            descriptor.inputStream(); // only to be told
        } catch (NonReadableChannelException writeOnly) {
            throw new Fault("read " + descriptor + NOT_OPEN_FOR_IT + "reading");
        }
    }

    /** What fstat(2) says, as far as the JDK tells it; null where /proc does not. */
    static @Nullable BasicFileAttributes attributes(Descriptor descriptor) throws IOException {
        Optional<BasicFileAttributes> found = descriptor.control(fd -> {
            Path place = Path.of("/proc/self/fd/" + fd);
            return Files.exists(place)
                    ? Optional.of(Files.readAttributes(place, BasicFileAttributes.class))
                    : Optional.empty();
        });
        return found.orElse(null);
    }
}
