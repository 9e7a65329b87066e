// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/** Files and folders with the mode that they are to have, whatever the umask is, and never by way of a link. */
final class SafeFiles {
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwxr-x---");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-r-----");

    private SafeFiles() {}

    /** Makes a folder with mode 0750. One that somebody else makes at the same time is as good. */
    static void makeFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(FOLDER));
        } catch (FileAlreadyExistsException there) {
            return; // checked by whoever opens it
        }
        Files.setPosixFilePermissions(folder, FOLDER); // the umask has taken from it
    }

    /**
     * Checks that we can trust a folder.
     *
     * @throws FileSystemException if it is none, is a link, or others may write to it
     */
    static void checkFolder(Path folder) throws IOException {
        PosixFileAttributes found =
                Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (found.isSymbolicLink()) {
            throw new FileSystemException(folder.toString(), null, "is a link, and links are not followed here");
        }
        if (!found.isDirectory()) {
            throw new NotDirectoryException(folder.toString());
        }
        if (found.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new FileSystemException(folder.toString(), null, "may be written by everybody");
        }
    }

    /** Opens a file of ours for reading. A link is refused (ELOOP). */
    static Descriptor openForReading(Path file) throws IOException {
        return open(file, StandardOpenOption.READ);
    }

    /** Opens a file of ours for writing; makes it with mode 0640 if it is missing. A link is refused (ELOOP). */
    static Descriptor openForWriting(Path file, boolean append) throws IOException {
        OpenOption how = append ? StandardOpenOption.APPEND : StandardOpenOption.WRITE;
        for (;;) {
            try {
                return open(file, how);
            } catch (NoSuchFileException missing) {
                try {
                    return make(file, Set.of(how));
                } catch (FileAlreadyExistsException sinceThen) {
                    continue;
                }
            }
        }
    }

    private static Descriptor open(Path file, OpenOption how) throws IOException {
        Descriptor there = Descriptor.open(file, how, LinkOption.NOFOLLOW_LINKS);
        try {
            checkFile(file, there);
            return there;
        } catch (IOException | RuntimeException refused) {
            there.close();
            throw refused;
        }
    }

    /** Makes a file with mode 0640 that must not be there. */
    static Descriptor make(Path file, Set<? extends OpenOption> how) throws IOException {
        Set<OpenOption> options = new HashSet<>(how);
        options.add(StandardOpenOption.CREATE_NEW);
        options.add(LinkOption.NOFOLLOW_LINKS);
        Descriptor made = Descriptor.open(file, options, PosixFilePermissions.asFileAttribute(FILE));
        try {
            made.control(fd -> Files.setPosixFilePermissions(self(fd), FILE));
            return made;
        } catch (IOException | RuntimeException failure) {
            made.close();
            throw failure;
        }
    }

    /** A FIFO or device in a log's place would take what is written, and keep nothing. */
    private static void checkFile(Path file, Descriptor open) throws IOException {
        if (!open.control(fd -> Files.isRegularFile(self(fd)))) {
            throw new FileSystemException(file.toString(), null, "is no regular file");
        }
    }

    /** {@return the size of an open file in bytes} */
    static long size(Descriptor file) throws IOException {
        return file.control(fd -> Files.size(self(fd)));
    }

    /** Cuts an open file back to so many bytes, if it has more. */
    static void cut(Descriptor file, long length) throws IOException {
        file.control(fd -> {
            // RandomAccessFile, since a FileChannel is closed by an interrupt.
            try (RandomAccessFile again = new RandomAccessFile(self(fd).toFile(), "rw")) {
                if (again.length() > length) {
                    again.setLength(length);
                }
            }
            return length;
        });
    }

    /** See proc_pid_fd(5). */
    static Path self(int fd) {
        return Path.of("/proc/self/fd", String.valueOf(fd));
    }
}
