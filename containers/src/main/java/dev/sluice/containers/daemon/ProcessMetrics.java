// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;

/** What Prometheus's client libraries tell of any process: see "process metrics" in Prometheus's documentation. */
final class ProcessMetrics {
    private static final Path SELF = Path.of("/proc/self");

    private ProcessMetrics() {}

    static void bind(MeterRegistry registry) {
        FunctionCounter.builder("process.cpu.seconds", SELF, any -> cpuSeconds())
                .description("Processor time, user and system")
                .register(registry);
        Metrics.gauge(registry, "process.start.time.seconds", "When it began", ProcessMetrics::startSeconds);
        Metrics.gauge(registry, "process.resident.memory.bytes", "Resident memory", ProcessMetrics::residentBytes);
        Metrics.gauge(registry, "process.open.fds", "Open descriptors", ProcessMetrics::openDescriptors);
        Metrics.gauge(registry, "process.max.fds", "Descriptors that may be open", ProcessMetrics::maxDescriptors);
        new JvmMemoryMetrics().bindTo(registry);
    }

    private static double cpuSeconds() {
        Duration total =
                ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return total.toMillis() / 1000.0;
    }

    private static double startSeconds() {
        return ProcessHandle.current()
                        .info()
                        .startInstant()
                        .orElse(Instant.EPOCH)
                        .toEpochMilli()
                / 1000.0;
    }

    // proc_pid_status(5): "VmRSS:     12345 kB"
    private static double residentBytes() {
        return 1024 * number(SELF.resolve("status"), "VmRSS:", 1);
    }

    // proc_pid_limits(5): "Max open files            1024                 524288               files"
    private static double maxDescriptors() {
        return number(SELF.resolve("limits"), "Max open files", 3);
    }

    /** The word at that place of the line that begins so; NaN if there is none, which Prometheus knows as no value. */
    private static double number(Path file, String line, int word) {
        try {
            for (String each : Files.readString(file, US_ASCII).split("\n")) {
                if (each.startsWith(line)) {
                    return Double.parseDouble(each.strip().split("\\s+")[word]);
                }
            }
        } catch (IOException | IllegalArgumentException unknown) {
            return Double.NaN;
        }
        return Double.NaN;
    }

    private static double openDescriptors() {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(SELF.resolve("fd"))) {
            int count = -1; // the one by which this is read
            for (Iterator<Path> each = descriptors.iterator(); each.hasNext(); each.next()) {
                count++;
            }
            return count;
        } catch (IOException unknown) {
            return Double.NaN;
        }
    }
}
