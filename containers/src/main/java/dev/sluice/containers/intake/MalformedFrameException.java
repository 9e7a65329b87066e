// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import java.io.IOException;

/** Bytes that cannot be a frame. Where the next one would begin is unknown, so the stream cannot be decoded further. */
public final class MalformedFrameException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedFrameException(String message) {
        super(message);
    }
}
