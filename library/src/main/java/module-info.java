// SPDX-License-Identifier: Apache-2.0

import org.jspecify.annotations.NullMarked;

/**
 * Non-blocking I/O on any file descriptor of Linux: blocking to the virtual thread that calls, never to
 * the carrier thread under it.
 */
@NullMarked
module dev.sluice {
    requires static jdk.jfr;
    requires static org.jspecify;

    exports dev.sluice;
}
