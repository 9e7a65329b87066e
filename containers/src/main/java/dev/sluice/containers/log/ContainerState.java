// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that container.json says.
 *
 * @param description of the container
 * @param started when its output was first, or after an end again, taken up
 * @param ended when its output came to its end; null while it is live
 * @param boot the kernel's boot id at that time: after another boot no source is left
 * @param sources those that are read; none once it has ended
 * @param droppedEntries lines and pieces that could not be kept, the disk being full say
 * @param droppedBytes the bytes of these
 */
public record ContainerState(
        ContainerDescription description,
        Instant started,
        @Nullable Instant ended,
        String boot,
        List<SavedSource> sources,
        long droppedEntries,
        long droppedBytes) {
    /** Keeps a copy of the list. */
    public ContainerState {
        sources = List.copyOf(sources);
    }

    /** {@return whether more output may come} */
    public boolean isLive() {
        return ended == null;
    }
}
