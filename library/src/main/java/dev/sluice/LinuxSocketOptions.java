// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.net.SocketOption;

/**
 * Socket options of Linux beside {@link java.net.StandardSocketOptions}, under the names of their manual pages.
 */
public final class LinuxSocketOptions {
    /** Seconds without traffic before the first keep-alive probe, where SO_KEEPALIVE is on: see tcp(7). */
    public static final SocketOption<Integer> TCP_KEEPIDLE = new Option<>("TCP_KEEPIDLE", Integer.class);

    /** Seconds between keep-alive probes: see tcp(7). */
    public static final SocketOption<Integer> TCP_KEEPINTVL = new Option<>("TCP_KEEPINTVL", Integer.class);

    /** How many keep-alive probes go unanswered before the connection is given up: see tcp(7). */
    public static final SocketOption<Integer> TCP_KEEPCNT = new Option<>("TCP_KEEPCNT", Integer.class);

    /**
     * Milliseconds that what was written may stay unacknowledged before the connection is given up with ETIMEDOUT; 0 is
     * the system's default. See tcp(7).
     */
    public static final SocketOption<Integer> TCP_USER_TIMEOUT = new Option<>("TCP_USER_TIMEOUT", Integer.class);

    /** Whether to acknowledge at once; not for good, the kernel may go back: see tcp(7). */
    public static final SocketOption<Boolean> TCP_QUICKACK = new Option<>("TCP_QUICKACK", Boolean.class);

    /** Seconds that a listener keeps back a connection on which nothing has been sent yet: see tcp(7). */
    public static final SocketOption<Integer> TCP_DEFER_ACCEPT = new Option<>("TCP_DEFER_ACCEPT", Integer.class);

    private LinuxSocketOptions() {}

    private record Option<T>(String name, Class<T> type) implements SocketOption<T> {
        @Override
        public String toString() {
            return name;
        }
    }
}
