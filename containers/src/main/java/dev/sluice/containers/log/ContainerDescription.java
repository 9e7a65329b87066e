// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.time.Instant;

/**
 * A container, as whoever runs it describes it, and how its output is kept.
 *
 * @param id the name of its folder: letters, digits, {@code _.-}, and a letter or digit first
 * @param name what people call it; the id where there is no other name
 * @param image what it was made of; empty if that is not known
 * @param created when it was made
 * @param driver who runs it
 * @param options how its log is kept
 */
public record ContainerDescription(
        String id, String name, String image, Instant created, Driver driver, LogOptions options) {
    /** A container of which nothing else is known. */
    public static ContainerDescription of(String id, Driver driver, LogOptions options) {
        return new ContainerDescription(id, id, "", Instant.now(), driver, options);
    }
}
