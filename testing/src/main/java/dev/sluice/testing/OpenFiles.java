// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The open descriptors of this process. */
public final class OpenFiles {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private OpenFiles() {}

    /**
     * Lists what the open descriptors refer to. Left out are what the JVM opens by itself, such as class files, and
     * what Sluice keeps for good: the epoll instances of its pollers, and the eventfds of waits, which go round.
     *
     * @return one text for each, such as {@code pipe:[1234]}
     */
    public static List<String> now() {
        List<String> targets = new ArrayList<>();
        try (DirectoryStream<Path> numbers = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path number : numbers) {
                String target = target(number);
                if (!isKept(target)) {
                    targets.add(target);
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return targets;
    }

    /**
     * Counts open descriptors.
     *
     * @param part a part of what they refer to, such as {@code [eventfd]}
     * @return how many there are
     */
    public static long count(String part) {
        List<String> targets = new ArrayList<>();
        try (DirectoryStream<Path> numbers = Files.newDirectoryStream(DESCRIPTORS)) {
            numbers.forEach(number -> targets.add(target(number)));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return targets.stream().filter(target -> target.contains(part)).count();
    }

    private static String target(Path number) {
        try {
            return Files.readSymbolicLink(number).toString();
        } catch (NoSuchFileException closedMeanwhile) {
            return "";
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean isKept(String target) {
        return target.isEmpty()
                || target.endsWith(".jar")
                || target.endsWith("/modules")
                || target.endsWith("random")
                || target.matches("/proc/\\d+/fd") // the listing itself
                || target.equals("anon_inode:[eventpoll]")
                || target.equals("anon_inode:[eventfd]");
    }
}
