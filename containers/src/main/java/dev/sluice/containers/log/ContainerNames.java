// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds containers by what people call them. */
public final class ContainerNames {
    private ContainerNames() {}

    /**
     * A container's folder, and what container.json says.
     *
     * @param folder the container's
     * @param state null if container.json is missing or cannot be understood
     */
    public record Named(ContainerFolder folder, @Nullable ContainerState state) {
        /** {@return what people call it; its id where there is no other name} */
        public String name() {
            return state == null ? folder.id() : state.description().name();
        }

        /** {@return whether more output may come} */
        public boolean isLive() {
            return state != null && state.isLive();
        }
    }

    /**
     * All containers that have a log, by id.
     *
     * @throws IOException if the folder cannot be read
     */
    public static List<Named> all(LogFolder logs) throws IOException {
        List<Named> found = new ArrayList<>();
        for (ContainerFolder folder : logs.containers()) {
            found.add(new Named(folder, LiveState.read(folder)));
        }
        return found;
    }

    /**
     * Those that are called so: the one with this id; else those with this name, and of several the live one; else
     * those whose id begins so.
     *
     * @param logs all logs
     * @param text an id, a name, or the beginning of an id
     * @return none, one, or, where it is ambiguous, several
     * @throws IOException if the folder cannot be read
     */
    public static List<ContainerFolder> find(LogFolder logs, String text) throws IOException {
        if (LogFolder.isId(text)) {
            ContainerFolder exact = logs.existingContainer(text);
            if (exact != null) {
                return List.of(exact); // no container.json was read for it
            }
        }
        List<Named> all = all(logs);
        List<Named> called =
                all.stream().filter(each -> each.name().equals(text)).toList();
        List<Named> live = called.stream().filter(Named::isLive).toList();
        if (live.size() == 1) {
            called = live;
        } else if (called.isEmpty() && !text.isEmpty()) {
            called = all.stream()
                    .filter(each -> each.folder().id().startsWith(text))
                    .toList();
        }
        return called.stream().map(Named::folder).toList();
    }
}
