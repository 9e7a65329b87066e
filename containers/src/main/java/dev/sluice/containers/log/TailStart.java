// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the last lines of a log begin: backwards by blocks, each of which is read forwards, from file to older
 * file, so that little is read when few are wanted. A compressed file is one block.
 *
 * <p>A line counts at its end, and so do the last pieces of one that has no end yet. What begins there is therefore
 * what followed the end of the line before. Where the pieces of two outputs' lines are mixed, the first line may lack
 * its first pieces.
 */
final class TailStart {
    private static final long BLOCK = 256 << 10;

    private final EntryParser parser;
    private final Selection selection;
    private final long wanted;
    private long counted;
    private int part;
    private long offset;

    private boolean first = true;
    private boolean exhausted;

    private TailStart(EntryParser parser, Selection selection) {
        this.parser = parser;
        this.selection = selection;
        this.wanted = selection.tail();
    }

    /** Finds the place where the selection's tail begins, in these files, oldest first; at least one. */
    static TailStart find(List<LogPart> parts, EntryParser parser, Selection selection) throws IOException {
        TailStart start = new TailStart(parser, selection);
        for (start.part = parts.size() - 1; ; start.part--) {
            LogPart part = parts.get(start.part);
            start.search(part);
            if (start.part == 0 || start.counted >= start.wanted || start.exhausted) {
                return start;
            }
        }
    }

    /** Which of the files it is in. */
    int part() {
        return part;
    }

    /** Where in it. */
    long offset() {
        return offset;
    }

    private void search(LogPart part) throws IOException {
        if (part.isCompressed()) {
            count(part, 0, Long.MAX_VALUE);
            return;
        }
        long to = part.size();
        long block = BLOCK;
        offset = to;
        while (to > 0 && !exhausted) {
            long about = Math.max(0, to - block);
            long from = about == 0 ? 0 : lineStart(part, about, to);
            if (from >= to && about > 0) {
                block *= 2; // a line longer than the block
                continue;
            }
            block = BLOCK;
            if (count(part, from, to)) {
                return;
            }
            to = from;
        }
    }

    /** Where the first line begins that begins behind an offset. */
    private long lineStart(LogPart part, long about, long to) throws IOException {
        Lines lines = part.lines(about - 1, parser);
        while (lines.next()) {
            if (lines.isWhole()) {
                return lines.offset();
            }
        }
        return to;
    }

    /**
     * Counts the lines in a block that begins where a line does.
     *
     * @return whether that makes enough; then the offset is where they begin
     */
    private boolean count(LogPart part, long from, long to) throws IOException {
        Block block = scan(part, from, to, Long.MAX_VALUE);
        long here = block.lines + (first && block.unfinished ? 1 : 0);
        if (first && wanted == 0) {
            offset = block.end;
            first = false;
            return true;
        }
        first = false;
        if (counted + here < wanted) {
            counted += here;
            offset = from;
            exhausted = block.last != null && block.last < selection.since();
            return false;
        }
        long tooMany = counted + here - wanted;
        offset = tooMany == 0 ? from : scan(part, from, to, tooMany).end;
        counted = wanted;
        return true;
    }

    /** What a block holds. */
    private record Block(long lines, boolean unfinished, long end, @Nullable Long last) {}

    /** Goes over a block, to the end of so many lines. */
    private Block scan(LogPart part, long from, long to, long most) throws IOException {
        Lines lines = part.lines(from, parser);
        long ends = 0;
        boolean unfinished = false;
        Long last = null;
        long end = from;
        while (ends < most && lines.offset() < to && lines.next()) {
            if (lines.lineOffset() >= to) {
                break; // one was left out before it
            }
            Entry entry = parser.parse(lines.bytes(), lines.from(), lines.to(), lines.isWhole());
            end = lines.offset();
            if (entry == null) {
                continue;
            }
            last = entry.nanos();
            if (selection.contains(entry)) {
                unfinished = !entry.endsLine();
                ends += entry.endsLine() ? 1 : 0;
            }
        }
        return new Block(ends, unfinished, end, last);
    }
}
