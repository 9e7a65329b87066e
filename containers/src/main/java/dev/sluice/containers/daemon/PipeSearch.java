// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Descriptor;
import dev.sluice.containers.log.Inodes;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds pipes again by their inodes: whoever writes into one has it among its descriptors, and the links in
 * /proc/PID/fd can be opened for the other direction, see proc(5). That makes a new reading end of the same pipe, with
 * all that nobody has read.
 */
final class PipeSearch {
    private static final Pattern PIPE = Pattern.compile("pipe:\\[(\\d+)]");

    private PipeSearch() {}

    /**
     * Looks through the descriptors of every process once. Those that may not be looked at are passed over.
     *
     * @param inodes of the pipes that are sought
     * @return for each that somebody can write to, a descriptor for reading, to be closed by the caller
     * @throws IOException if /proc cannot be read
     */
    static Map<Long, Descriptor> find(Collection<Long> inodes) throws IOException {
        Set<Long> sought = new HashSet<>(inodes);
        Map<Long, Descriptor> found = new HashMap<>();
        if (sought.isEmpty()) {
            return found;
        }
        String own = String.valueOf(ProcessHandle.current().pid());
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (!process.endsWith(own)) {
                    look(process, sought, found);
                }
            }
        } catch (DirectoryIteratorException failure) {
            throw failure.getCause();
        }
        return found;
    }

    private static void look(Path process, Set<Long> sought, Map<Long, Descriptor> found) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path each : descriptors) {
                lookAt(each, sought, found);
            }
        } catch (IOException | DirectoryIteratorException goneOrForbidden) {
            // another process may have it too
        }
    }

    private static void lookAt(Path link, Set<Long> sought, Map<Long, Descriptor> found) {
        try {
            Matcher pipe = PIPE.matcher(Files.readSymbolicLink(link).toString());
            if (pipe.matches()) {
                long inode = Long.parseLong(pipe.group(1));
                if (sought.contains(inode) && isWritten(link)) {
                    Descriptor descriptor = Descriptor.open(link);
                    if (inode == Inodes.of(descriptor)) {
                        found.put(inode, descriptor);
                        sought.remove(inode);
                    } else {
                        descriptor.close(); // the number is another pipe's by now
                    }
                }
            }
        } catch (IOException closedMeanwhile) {
            // another process may have it too
        }
    }

    // The link's own permissions tell how the descriptor was opened: proc_fd_link in the kernel's fs/proc/fd.c.
    private static boolean isWritten(Path link) throws IOException {
        return Files.getPosixFilePermissions(link, LinkOption.NOFOLLOW_LINKS)
                .contains(PosixFilePermission.OWNER_WRITE);
    }
}
