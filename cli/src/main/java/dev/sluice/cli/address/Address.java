// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One end of a copy, as the user wrote it. Reading it has opened nothing. */
public interface Address {
    /** As it was typed. */
    String text();

    /**
     * Opens it to be read from. Waits for no peer, but that a connection is made.
     *
     * @param limit how long that may take, or null for ever
     * @throws java.net.SocketTimeoutException if it takes longer
     * @throws IOException if it cannot be read; nothing is left behind then
     */
    Opened source(@Nullable Duration limit) throws IOException;

    /**
     * Opens it to be written to. Waits for no peer, but that a connection is made.
     *
     * @param source what will be copied from, so that it can be told apart; null if it is opened later
     * @param limit how long a connection may take, or null for ever
     * @throws java.net.SocketTimeoutException if it takes longer
     * @throws IOException if it cannot be written; nothing is left behind then
     */
    Opened destination(@Nullable Opened source, @Nullable Duration limit) throws IOException;

    /**
     * Whether opening it as a source does something that cannot be taken back, and so is left until the other end is
     * open.
     */
    default boolean opensLast() {
        return false;
    }

    /** Whether it goes on with the next peer when one has left. */
    default boolean isKept() {
        return false;
    }

    /** Whether it is a {@link Tap}, which opens as one as a destination. */
    default boolean isTap() {
        return false;
    }
}
