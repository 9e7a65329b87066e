// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.containers.intake.Counters;
import dev.sluice.containers.log.Activity;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The names under which an operator finds what a daemon counts. All is asked for at each scrape, and costs nothing
 * between two. There are no series by container: they would be as many as the containers that there have ever been.
 */
public final class Metrics {
    private Metrics() {}

    /**
     * Serves a daemon's metrics.
     *
     * @param daemon which one; it is to serve what is returned
     * @return what is to be served
     */
    public static MetricsServer server(Daemon daemon) {
        Containers containers = daemon.containers();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        bindLogs(registry, containers.counters());
        gauge(registry, "sluice.containers.live", "Containers whose output is read", () -> containers.live().size());
        gauge(registry, "sluice.streams.open", "FIFOs and pipes that are read", () -> containers.live().stream()
                .mapToInt(Container::sources)
                .sum());
        gauge(
                registry,
                "sluice.taken.over",
                "1 if this process took over from another one",
                () -> daemon.hasTakenOver() ? 1 : 0);
        ProcessMetrics.bind(registry);
        return new MetricsServer(registry, Activity::failing);
    }

    private static void bindLogs(MeterRegistry registry, Counters counters) {
        count(registry, "sluice.log.bytes", "Bytes taken from containers' streams", counters::bytes);
        count(registry, "sluice.log.lines", "Lines and pieces of lines taken; none of raw logs", counters::lines);
        count(registry, "sluice.log.batches", "Times that a log was written to", counters::batches);
        count(registry, "sluice.log.dropped.bytes", "Bytes taken and not kept", counters::droppedBytes);
        count(registry, "sluice.log.dropped.lines", "Lines and pieces taken and not kept", counters::droppedEntries);
        count(registry, "sluice.log.broken.streams", "Streams that could not be decoded", counters::brokenStreams);
        count(registry, "sluice.log.rotations", "Log files that were full", Activity::rotations);
        count(registry, "sluice.log.compressions", "Rotated log files compressed", Activity::compressions);
        gauge(registry, "sluice.log.failing", "Logs that cannot be written, so that lines are dropped",
                Activity::failing);
        gauge(registry, "sluice.log.followers", "Readers that follow a log", Activity::followers);
    }

    static void count(MeterRegistry registry, String name, String what, LongSupplier count) {
        FunctionCounter.builder(name, count, LongSupplier::getAsLong)
                .description(what)
                .register(registry);
    }

    static void gauge(MeterRegistry registry, String name, String what, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(what)
                .strongReference(true)
                .register(registry);
    }
}
