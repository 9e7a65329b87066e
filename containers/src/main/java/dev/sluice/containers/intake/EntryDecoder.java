// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.containers.log.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Makes entries of bytes that lie in an array. It keeps nothing of one array for the next: what is no whole entry yet
 * is to be fed again, together with what has come after it.
 */
interface EntryDecoder {
    /**
     * Begins with these bytes, the first of which begins an entry.
     *
     * @param nanos when they came, in nanoseconds since 1970 UTC
     */
    void feed(byte[] array, int from, int to, long nanos);

    /**
     * The next entry, whose bytes are those of the array.
     *
     * @return null if what is left is no whole one
     * @throws MalformedFrameException if no entry can begin like this
     */
    @Nullable Entry next() throws MalformedFrameException;

    /** {@return where the last entry ended, in the array: up to here it is done with} */
    int position();

    /** {@return how many bytes from {@link #position} on an entry needs at least, as far as can be told; more than are
     * there} */
    int needed();

    /**
     * What is left as an entry of its own, when no more comes.
     *
     * @return null if nothing is left
     * @throws MalformedFrameException if it cannot be one
     */
    @Nullable Entry rest() throws MalformedFrameException;

    /** {@return whether {@link #rest} makes an entry of anything} */
    boolean isDivisible();
}
