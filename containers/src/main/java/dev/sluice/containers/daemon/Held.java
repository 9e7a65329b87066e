// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Descriptor;
import dev.sluice.containers.log.ContainerState;
import dev.sluice.containers.log.SavedSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A container that nobody reads at the moment, and from which nothing is lost meanwhile.
 *
 * @param state what is saved about it
 * @param sources its open sources
 */
record Held(ContainerState state, List<Source> sources) {
    /** What a saved state calls its sources, with their descriptors in the same order. */
    static List<Source> sources(ContainerState state, List<? extends Descriptor> descriptors) throws IOException {
        List<SavedSource> saved = state.sources();
        if (saved.size() != descriptors.size()) {
            throw new IOException(state.description().id() + " has " + saved.size() + " sources, and "
                    + descriptors.size() + " descriptors came");
        }
        List<Source> sources = new ArrayList<>();
        for (SavedSource each : saved) {
            sources.add(source(each, descriptors.get(sources.size())));
        }
        return sources;
    }

    static Source source(SavedSource saved, Descriptor descriptor) {
        return new Source(
                saved.name(),
                saved.carries(),
                descriptor,
                saved.path().isEmpty() ? null : Path.of(saved.path()));
    }
}
