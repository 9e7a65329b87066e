// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

/** Writes entries as a format has them. Used by one thread at a time. */
interface EntryEncoder {
    /** Appends an entry, whole, and says where it ends. */
    void encode(Entry entry, EntryBuffer to);

    static EntryEncoder of(LogOptions options) {
        return switch (options.format()) {
            case JSON_FILE -> new JsonFileEncoder(options.attributes());
            case CRI -> new CriEncoder();
            case RAW -> new RawEncoder();
        };
    }
}
