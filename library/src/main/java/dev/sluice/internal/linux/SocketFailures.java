// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;

/**
 * Failures of calls that concern addresses, as java.net has them: {@code connect tcp 127.0.0.1:80: ECONNREFUSED
 * (Connection refused)}. What java.net has no type for is as {@link Failures} has it.
 */
public final class SocketFailures {
    private SocketFailures() {}

    /** connect(2) has failed. */
    public static IOException connect(String what, int errno) {
        String message = message("connect", what, errno);
        return switch (errno) {
            case Errno.ECONNREFUSED, Errno.ETIMEDOUT, Errno.ECONNRESET -> new ConnectException(message);
            case Errno.EHOSTUNREACH, Errno.ENETUNREACH, Errno.EHOSTDOWN, Errno.ENETDOWN ->
                new NoRouteToHostException(message);
            case Errno.EADDRNOTAVAIL, Errno.EADDRINUSE -> new BindException(message);
            default -> Failures.of("connect", what, errno);
        };
    }

    /** bind(2) or listen(2) has failed. */
    public static IOException bind(String call, String what, int errno) {
        return switch (errno) {
            case Errno.EADDRINUSE, Errno.EADDRNOTAVAIL -> new BindException(message(call, what, errno));
            default -> Failures.of(call, what, errno);
        };
    }

    private static String message(String call, String what, int errno) {
        return call + " " + what + ": " + Errno.describe(errno);
    }
}
