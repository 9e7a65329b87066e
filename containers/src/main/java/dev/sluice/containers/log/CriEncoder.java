// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * {@code TIME STREAM P|F TEXT}: F for an entry that ends its line, P for a piece of a line before its last. The text is
 * kept byte for byte; only a newline within it (no reader of lines makes such an entry) would tear the format apart,
 * and so it ends the line that it ends.
 */
final class CriEncoder implements EntryEncoder {
    private static final byte[][] STREAM = {" stdout ".getBytes(US_ASCII), " stderr ".getBytes(US_ASCII)};

    private final TimeText time = new TimeText();

    @Override
    public void encode(Entry entry, EntryBuffer to) {
        byte[] bytes = entry.bytes();
        int end = entry.offset() + entry.length();
        int start = entry.offset();
        for (int i = start; i < end; i++) {
            if (bytes[i] == '\n') {
                line(entry, start, i, true, to);
                start = i + 1;
            }
        }
        line(entry, start, end, entry.endsLine(), to);
        to.endEntry(entry.length());
    }

    private void line(Entry entry, int start, int end, boolean full, EntryBuffer to) {
        byte[] stream = STREAM[entry.output().ordinal()];
        to.ensure(TimeText.MOST + stream.length + 3L + end - start);
        to.length = time.write(entry.nanos(), to.bytes, to.length);
        to.append(stream, 0, stream.length);
        to.bytes[to.length++] = (byte) (full ? 'F' : 'P');
        to.bytes[to.length++] = ' ';
        to.append(entry.bytes(), start, end - start);
        to.bytes[to.length++] = '\n';
    }
}
