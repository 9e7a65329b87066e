// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.IOException;

/** Makes whole what a process that was killed has left half done. */
final class Repair {
    private Repair() {}

    /** Opens the files, too. */
    static void run(ContainerFolder folder, LogOptions options, Journal journal, LogFile[] files) throws IOException {
        for (int i = 0; i < files.length; i++) {
            String name = files[i].name();
            Compression.clean(folder, name, options.maxFiles());
            rotation(folder, options, journal, i, files[i]);
        }
        for (int slot = 0; slot < Journal.SLOTS; slot++) {
            batch(journal, slot, files);
        }
    }

    private static void rotation(
            ContainerFolder folder, LogOptions options, Journal journal, int index, LogFile file) throws IOException {
        long found = journal.rotations(index);
        if (found % 2 != 0) {
            Rotation.finish(folder, file.name(), options.maxFiles());
        }
        file.open();
        if (found == 0) {
            journal.setRotations(index, 2L * (1 + Rotation.highest(folder, file.name())));
        } else if (found % 2 != 0) {
            journal.setRotations(index, found + 1);
        }
    }

    /**
     * A batch of which nobody knows how much was written is taken back: its bytes are still in their source. After
     * another boot they are not, and what is there is kept.
     */
    private static void batch(Journal journal, int slot, LogFile[] files) throws IOException {
        if (!journal.isOfThisBoot()) {
            journal.setState(slot, Journal.IDLE);
        } else if (journal.state(slot) == Journal.WRITING) {
            for (int i = 0; i < files.length; i++) {
                long before = journal.lengthBefore(slot, i);
                if (before != Journal.UNTOUCHED) {
                    files[i].cut(before);
                }
            }
            journal.setState(slot, Journal.IDLE);
        }
    }
}
