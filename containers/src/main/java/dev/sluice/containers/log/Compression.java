// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Descriptor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compresses files that have been rotated away, but for the last one, which readers may be about to read. It does so on
 * a virtual thread, one file at a time in the whole process, and the writer waits for nothing but a rename.
 *
 * <p>What is compressed is known by its sequence, since it may be renamed meanwhile. The compressed file gets its name
 * when it is whole and on the disk. A process that dies before leaves a {@code .new} file that the next one deletes.
 */
final class Compression {
    private static final Logger LOG = System.getLogger(ContainerLog.class.getName());
    private static final Semaphore ONE_AT_A_TIME = new Semaphore(1);
    private static final int FIRST = 2;
    private static final int CHUNK = 64 * 1024;

    private final ContainerLog log;
    private @Nullable Thread thread;

    Compression(ContainerLog log) {
        this.log = log;
    }

    /** A file to be compressed. */
    private record Job(String name, long sequence, Path file) {}

    /** Begins, unless it runs or there is nothing to do. Under the log's lock, as all of the state here. */
    void start() {
        if (thread == null && next() != null) {
            thread = Thread.ofVirtual().name("sluice-compress").start(this::run);
        }
    }

    /** Stops; what is not done will be by whoever opens the log next. Not under the log's lock. */
    void stop() {
        Thread running = log.locked(() -> thread);
        boolean interrupted = false;
        while (running != null && running.isAlive()) {
            running.interrupt();
            try {
                running.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            boolean more = true;
            while (more) {
                ONE_AT_A_TIME.acquire();
                try {
                    more = compressOne();
                } finally {
                    ONE_AT_A_TIME.release();
                }
            }
        } catch (InterruptedException | InterruptedIOException stopped) {
            log.locked(this::ended);
        } catch (IOException | RuntimeException failure) {
            log.locked(this::ended);
            LOG.log(Level.WARNING, "A file in " + log.folder() + " stays uncompressed: " + failure.getMessage());
        }
    }

    private @Nullable Void ended() {
        thread = null;
        return null;
    }

    /** {@return false if there was nothing to do; then there is no thread any more} */
    private boolean compressOne() throws IOException {
        Job found = log.locked(() -> {
            Job next = next();
            if (next == null) {
                thread = null;
            }
            return next;
        });
        if (found == null) {
            return false;
        }
        try (Descriptor plain = SafeFiles.openForReading(found.file())) {
            compress(found, plain);
        } catch (NoSuchFileException renamedMeanwhile) {
            return true;
        }
        return true;
    }

    private @Nullable Job next() {
        for (String name : LogNames.of(log.options().format())) {
            for (int k = FIRST; k < log.options().maxFiles(); k++) {
                Path file = log.folder().file(LogNames.rotated(name, k));
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    return new Job(name, log.sequence(name) - k, file);
                }
            }
        }
        return null;
    }

    private static Path fresh(ContainerFolder folder, String name) {
        return folder.file("." + name + ".gz.new");
    }

    /** Deletes what a process that died has left. */
    static void clean(ContainerFolder folder, String name, int maxFiles) throws IOException {
        Files.deleteIfExists(fresh(folder, name));
        for (int k = FIRST; k < maxFiles; k++) {
            if (Files.exists(folder.file(LogNames.compressed(name, k)), LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(folder.file(LogNames.rotated(name, k)));
            }
        }
    }

    private void compress(Job job, Descriptor file) throws IOException {
        Path fresh = fresh(log.folder(), job.name());
        Files.deleteIfExists(fresh);
        try {
            // O_DSYNC: on the disk before it has its name. Its writes wait where no carrier thread does.
            try (Descriptor made = SafeFiles.make(fresh, Set.of(StandardOpenOption.WRITE, StandardOpenOption.DSYNC));
                    OutputStream out = new GZIPOutputStream(new BufferedOutputStream(made.outputStream(), 2 * CHUNK))) {
                pour(file.inputStream(), out);
            }
            log.locked(() -> name(job, fresh));
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static void pour(InputStream in, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            out.write(chunk, 0, count);
            Thread.yield(); // deflating holds a carrier thread for a millisecond or two each time
        }
    }

    /** Puts it in the place of the file that it was made of, unless that is deleted by now. */
    private @Nullable Void name(Job job, Path fresh) {
        long k = log.sequence(job.name()) - job.sequence();
        if (k >= log.options().maxFiles()) {
            return null;
        }
        Path plain = log.folder().file(LogNames.rotated(job.name(), (int) k));
        if (!Files.exists(plain, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        try {
            Files.setLastModifiedTime(fresh, Files.getLastModifiedTime(plain, LinkOption.NOFOLLOW_LINKS));
            Files.move(fresh, log.folder().file(LogNames.compressed(job.name(), (int) k)));
            Files.delete(plain);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        log.compressed();
        return null;
    }
}
