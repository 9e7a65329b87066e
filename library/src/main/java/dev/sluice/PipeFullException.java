// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;

/**
 * What {@link Descriptor#peek(ByteBuffer, int)} waits for cannot come, since the pipe is full without it. Nothing has
 * been taken: either make the pipe larger ({@link Descriptor#setPipeCapacity}), or read what is there.
 *
 * <p>A pipe is full when all its slots are in use, one for each page of its capacity. Small writes share a slot, as far
 * as they fit; each splice(2) takes one, and be it for a single byte. So a pipe of 64 KiB may be full with sixteen
 * bytes: see pipe(7).
 */
public final class PipeFullException extends FileSystemException {
    private static final long serialVersionUID = 1;

    PipeFullException(String pipe) {
        super(pipe, null, "the pipe is full, and has too little");
    }

    @Override
    public String getMessage() {
        return "peek " + getFile() + ": " + getReason();
    }
}
