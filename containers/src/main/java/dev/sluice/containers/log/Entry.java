// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.nio.charset.StandardCharsets;

/**
 * A line of a container's output, or a piece of one that was too long or had no end yet.
 *
 * @param output which output it came from
 * @param nanos when it came, in nanoseconds since 1970 UTC
 * @param bytes holds the text, which need not be UTF-8; shared, and so good only until its owner reads on
 * @param offset where in them the text begins
 * @param length how long it is, without a newline
 * @param endsLine whether a newline followed: false for every piece of a line but the last
 */
public record Entry(Output output, long nanos, byte[] bytes, int offset, int length, boolean endsLine) {
    /** The text, for people. */
    public String text() {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
