// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

/** A source, and how it came to be open here. */
record Opened(Source source, Origin origin) {
    enum Origin {
        /** Whoever runs the container has just handed it to us. */
        NEW,
        /** It was found again after a process had died that read it: by now there may be nobody who writes. */
        FOUND_AGAIN,
        /** It was never closed: the service manager or the process before this one kept it. */
        KEPT
    }
}
