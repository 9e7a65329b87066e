// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

/** The bytes as the container wrote them: the newline that an entry lacks is put back. */
final class RawEncoder implements EntryEncoder {
    @Override
    public void encode(Entry entry, EntryBuffer to) {
        to.ensure(entry.length() + 1L);
        to.append(entry.bytes(), entry.offset(), entry.length());
        if (entry.endsLine()) {
            to.bytes[to.length++] = '\n';
        }
        to.endEntry(entry.length());
    }
}
