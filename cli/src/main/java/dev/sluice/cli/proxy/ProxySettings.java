// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.proxy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a proxy is to run.
 *
 * @param grace how long connections under way get to finish after a signal
 * @param mostConnections how many there may be at once
 * @param connectTimeout how long connecting to the target may take
 * @param idleTimeout how long a connection may move nothing, or null for ever
 * @param statsInterval how often to say how it goes, or null for never
 * @param threads how many threads of the operating system relay, or null for half as many as there are CPUs
 * @param verbose whether the failures of single connections are told
 */
record ProxySettings(
        Duration grace,
        int mostConnections,
        Duration connectTimeout,
        @Nullable Duration idleTimeout,
        @Nullable Duration statsInterval,
        @Nullable Integer threads,
        boolean verbose) {}
