// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries of one log under one name, from file to file, through any rotation. */
final class LogStream implements Closeable {
    private final LogParts parts;
    private final EntryParser parser;
    private final Selection selection;
    private @Nullable LogPart current;
    private @Nullable Lines lines;
    private long sequence = LogParts.NONE;
    private long damaged;
    private long missed;

    private LogStream(LogParts parts, EntryParser parser, Selection selection) {
        this.parts = parts;
        this.parser = parser;
        this.selection = selection;
    }

    static LogStream open(
            ContainerFolder folder, String name, int journalIndex, EntryParser parser, Selection selection)
            throws IOException {
        LogStream stream = new LogStream(LogParts.open(folder, name, journalIndex), parser, selection);
        try {
            stream.start();
            return stream;
        } catch (IOException | RuntimeException failure) {
            stream.close();
            throw failure;
        }
    }

    /** Passes over what the selection certainly has no entry of. */
    private void start() throws IOException {
        List<LogPart> all = parts.list();
        int first = 0;
        long offset = 0;
        if (!all.isEmpty() && selection.tail() != Selection.ALL) {
            TailStart tail = TailStart.find(all, parser, selection);
            first = tail.part();
            offset = tail.offset();
        }
        for (int i = 0; i < all.size(); i++) {
            LogPart part = all.get(i);
            parts.poll();
            current = part; // which is closed with this
            if (i >= first && (i == all.size() - 1 || offset > 0 || !isTooOld(part))) {
                begin(part, i == first ? offset : 0);
                return;
            }
            part.close();
        }
    }

    /** Whether all in a file that is written no more came before the time that is asked for. */
    private boolean isTooOld(LogPart part) throws IOException {
        return selection.since() != Long.MIN_VALUE && part.modified() < Math.floorDiv(selection.since(), 1_000_000L);
    }

    private void begin(LogPart part, long offset) throws IOException {
        current = part;
        sequence = part.sequence();
        lines = part.lines(offset, parser);
    }

    /** How many lines were passed over since they were none. */
    long damaged() {
        return damaged;
    }

    /** How many files were deleted before they could be read. */
    long missed() {
        return missed;
    }

    /** The next entry; null if there is none as yet. */
    @Nullable Entry poll() throws IOException {
        for (;;) {
            Lines from = lines;
            if (from == null) {
                if (!goOn()) {
                    return null;
                }
                continue;
            }
            boolean more = from.next();
            damaged += from.takeLeftOut();
            if (more) {
                Entry entry = parser.parse(from.bytes(), from.from(), from.to(), from.isWhole());
                if (entry == null) {
                    damaged++;
                } else if (selection.contains(entry)) {
                    return entry;
                }
            } else if (!finish(from)) {
                return null;
            }
        }
    }

    /**
     * At the end of a file as it is now: goes to the next one, if there is one.
     *
     * @return false if there is none as yet
     */
    private boolean finish(Lines ended) throws IOException {
        LogPart part = current;
        if (part == null) {
            return false;
        }
        if (parts.isEmpty()) {
            if (!selection.follow()) {
                return false;
            }
            if (!parts.isRotated(part)) {
                stay(part, ended);
                return false;
            }
            // It may have grown between our last look and the rotation: it is read once more before it is left.
            parts.refresh(sequence);
            return !parts.isEmpty();
        }
        if (ended.hasRest() && !parser.takesPieces()) {
            damaged++;
        }
        part.close();
        current = null;
        lines = null;
        return goOn();
    }

    /** Reads the rest again when it has become a line; and what was cut off, the disk being full say, is none. */
    private static void stay(LogPart part, Lines ended) throws IOException {
        if (part.isCompressed()) {
            return;
        }
        long size = part.size();
        if (ended.hasRest() || ended.offset() > size) {
            long from = Math.min(ended.offset(), size);
            ended.restart(from);
            part.descriptor().setPosition(from);
        }
    }

    private boolean goOn() throws IOException {
        if (selection.follow()) {
            parts.refresh(sequence); // what is held cannot be deleted
        }
        LogPart next = parts.poll();
        if (next != null) {
            missed += sequence == LogParts.NONE ? 0 : next.sequence() - sequence - 1;
            begin(next, 0);
        }
        return next != null;
    }

    @Override
    public void close() throws IOException {
        try {
            LogPart part = current;
            if (part != null) {
                part.close();
            }
        } finally {
            parts.close();
        }
    }
}
