// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.doctor;

import dev.sluice.Descriptor;
import dev.sluice.Pipe;
import dev.sluice.cli.BuildInfo;
import dev.sluice.cli.doctor.Finding.Health;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the machine, its kernel and its JVM are like, as far as Sluice cares. */
final class Machine {
    private static final String SYSTEM = "system";
    private static final String LIMITS = "limits";
    private static final String JVM = "jvm";
    private static final int MIB = 1 << 20;
    private static final int PAGE = 4096;

    private Machine() {}

    static List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(SYSTEM, "sluice", BuildInfo.VERSION));
        String os = System.getProperty("os.name");
        findings.add(new Finding(
                SYSTEM,
                "kernel",
                os.equals("Linux") ? Health.OK : Health.BROKEN,
                os + " " + System.getProperty("os.version")));
        String architecture = System.getProperty("os.arch");
        boolean known = architecture.equals("amd64") || architecture.equals("aarch64");
        findings.add(new Finding(SYSTEM, "architecture", known ? Health.OK : Health.BROKEN, architecture));
        findings.add(Finding.ok(LIMITS, "descriptors", descriptors()));
        findings.add(Finding.ok(LIMITS, "largest pipe of a user", setting("fs/pipe-max-size") + " bytes"));
        findings.add(Finding.ok(LIMITS, "pipe quota of a user", quota("fs/pipe-user-pages-soft")));
        findings.add(Finding.ok(LIMITS, "hard pipe quota", quota("fs/pipe-user-pages-hard")));
        findings.add(pipes());
        findings.add(Finding.ok(
                LIMITS,
                "connections to be accepted",
                "up to " + setting("net/core/somaxconn") + " wait at a listener"));
        findings.add(Finding.ok(
                LIMITS,
                "ports for connections out",
                setting("net/ipv4/ip_local_port_range").replaceAll("\\s+", " to ")));
        String vendor = System.getProperty("java.vendor.version", "");
        findings.add(Finding.ok(JVM, "version", Runtime.version() + ", " + vendor));
        findings.add(Finding.ok(JVM, "home", System.getProperty("java.home")));
        findings.add(Finding.ok(
                JVM, "flags", String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments())));
        findings.add(Finding.ok(
                JVM, "processors", String.valueOf(Runtime.getRuntime().availableProcessors())));
        return findings;
    }

    private static Finding pipes() {
        try (Pipe pipe = Pipe.open()) {
            int usual = pipe.sink().pipeCapacity();
            try {
                int grown = pipe.sink().setPipeCapacity(MIB);
                return Finding.ok(LIMITS, "pipe sizes here", usual + " bytes, grow to " + grown);
            } catch (IOException refused) {
                return new Finding(LIMITS, "pipe sizes here", Health.SLOWER, usual + " bytes; " + refused.getMessage());
            }
        } catch (IOException broken) {
            return new Finding(LIMITS, "pipe sizes here", Health.BROKEN, String.valueOf(broken.getMessage()));
        }
    }

    private static String descriptors() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith("Max open files")) {
                    String[] words = line.substring("Max open files".length()).strip().split(" +");
                    return words[0] + " (hard limit " + words[1] + ")";
                }
            }
            return "unknown";
        } catch (IOException unreadable) {
            return "unknown: " + unreadable.getMessage();
        }
    }

    private static String quota(String name) {
        String pages = setting(name);
        try {
            long number = Long.parseLong(pages);
            return number == 0 ? "none" : number * PAGE / MIB + " MiB (" + number + " pages)";
        } catch (NumberFormatException unknown) {
            return pages;
        }
    }

    private static String setting(String name) {
        // The JDK's own readers ask such a file, which says that it is empty, for a single byte first, and get no more.
        try (Descriptor file = Descriptor.open(Path.of("/proc/sys", name));
                InputStream in = file.inputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException unreadable) {
            return "unknown";
        }
    }
}
