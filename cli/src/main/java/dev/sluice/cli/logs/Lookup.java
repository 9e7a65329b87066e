// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.logs;

import dev.sluice.cli.Fault;
import dev.sluice.cli.Nearest;
import dev.sluice.containers.log.ContainerFolder;
import dev.sluice.containers.log.ContainerNames;
import dev.sluice.containers.log.ContainerNames.Named;
import dev.sluice.containers.log.LogFolder;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the container that a user means. */
public final class Lookup {
    private static final int MOST_SHOWN = 5;

    private Lookup() {}

    /**
     * The one container that is called so.
     *
     * @throws Fault if there is none, or several
     */
    public static ContainerFolder one(LogFolder logs, String text) throws IOException {
        List<ContainerFolder> found = ContainerNames.find(logs, text);
        if (found.size() == 1) {
            return found.getFirst();
        }
        if (found.isEmpty()) {
            throw new Fault("there is no log of a container '" + text + "' in " + logs.path()
                    + Nearest.hint(nearest(logs, text), name -> name));
        }
        String some = found.stream().limit(MOST_SHOWN).map(ContainerFolder::id).collect(Collectors.joining(", "));
        String rest = found.size() > MOST_SHOWN ? ", ..." : "";
        throw new Fault("'" + text + "' may be any of " + found.size() + " containers: " + some + rest);
    }

    private static @Nullable String nearest(LogFolder logs, String text) throws IOException {
        Set<String> words = new LinkedHashSet<>();
        for (Named named : ContainerNames.all(logs)) {
            words.add(named.name());
            String id = named.folder().id();
            words.add(id);
            words.add(id.substring(0, Math.min(id.length(), Math.max(1, text.length()))));
        }
        return Nearest.of(text, words);
    }
}
