// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * Turns an errno into an exception whose message reads {@code open /run/x: EACCES (Permission denied)}.
 *
 * <p>All are {@link FileSystemException}s, and the subclass of it that java.nio.file has for the errno where there is
 * one, so that existing handlers keep working; {@code getFile()} is what it was done to and {@code getReason()} the
 * errno.
 */
public final class Failures {
    private Failures() {}

    /** A failed call on something: {@code what} is its path, or words such as "pipe". */
    public static IOException of(String call, String what, int errno) {
        return of(call, what, errno, "");
    }

    /** The same, with a word of help or the count of bytes that went before it. */
    public static IOException of(String call, String what, int errno, String note) {
        String reason = Errno.describe(errno) + (note.isEmpty() ? "" : ", " + note);
        String message = call + " " + what + ": " + reason;
        return switch (errno) {
            case Errno.ENOENT -> new Missing(what, reason, message);
            case Errno.EACCES -> new Denied(what, reason, message);
            case Errno.EEXIST -> new Exists(what, reason, message);
            case Errno.ELOOP -> new Loop(what, message);
            case Errno.ENOTDIR -> new NotDirectory(what, message);
            default -> new SystemCallException(what, reason, message);
        };
    }

    private static final class SystemCallException extends FileSystemException {
        private static final long serialVersionUID = 1;
        private final String message;

        SystemCallException(String file, String reason, String message) {
            super(file, null, reason);
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }

    private static final class Missing extends NoSuchFileException {
        private static final long serialVersionUID = 1;
        private final String message;

        Missing(String file, String reason, String message) {
            super(file, null, reason);
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }

    private static final class Denied extends AccessDeniedException {
        private static final long serialVersionUID = 1;
        private final String message;

        Denied(String file, String reason, String message) {
            super(file, null, reason);
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }

    private static final class Exists extends FileAlreadyExistsException {
        private static final long serialVersionUID = 1;
        private final String message;

        Exists(String file, String reason, String message) {
            super(file, null, reason);
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }

    private static final class Loop extends FileSystemLoopException {
        private static final long serialVersionUID = 1;
        private final String message;

        Loop(String file, String message) {
            super(file);
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }

    private static final class NotDirectory extends NotDirectoryException {
        private static final long serialVersionUID = 1;
        private final String message;

        NotDirectory(String file, String message) {
            super(file);
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }
}
