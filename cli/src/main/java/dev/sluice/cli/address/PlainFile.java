// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A path: what lies there decides what it is. */
record PlainFile(String text, Path path, boolean append, boolean mustBeNew, FileAttribute<?>[] mode)
        implements Address {
    @Override
    public Opened source(@Nullable Duration limit) throws IOException {
        return Checks.source(new Opened(text, Descriptor.open(path)));
    }

    @Override
    public Opened destination(@Nullable Opened source, @Nullable Duration limit) throws IOException {
        if (source != null) {
            Checks.notTheSame(source, path);
        }
        try {
            // To know whether it is new, it is made as new first.
            return new Created(text, open(StandardOpenOption.CREATE_NEW), path);
        } catch (FileAlreadyExistsException exists) {
            if (mustBeNew) {
                throw exists;
            }
            return new Opened(
                    text,
                    append
                            ? open(StandardOpenOption.CREATE)
                            : open(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING));
        }
    }

    private Descriptor open(StandardOpenOption... how) throws IOException {
        Set<OpenOption> options = new HashSet<>(Set.of(how));
        options.add(append ? StandardOpenOption.APPEND : StandardOpenOption.WRITE);
        return Descriptor.open(path, options, mode);
    }

    /** A file that was not there before. */
    private static final class Created extends Opened {
        private final Path path;

        Created(String address, Descriptor descriptor, Path path) {
            super(address, descriptor);
            this.path = path;
        }

        @Override
        public void undo() throws IOException {
            @Nullable BasicFileAttributes ours = Checks.attributes(descriptor());
            if (ours != null && Files.exists(path)) {
                BasicFileAttributes there = Files.readAttributes(path, BasicFileAttributes.class);
                if (ours.fileKey() != null && ours.fileKey().equals(there.fileKey())) {
                    Files.delete(path);
                }
            }
        }
    }
}
