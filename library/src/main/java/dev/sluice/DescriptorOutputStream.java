// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** See {@link Descriptor#outputStream}. */
final class DescriptorOutputStream extends OutputStream {
    private final Descriptor descriptor;

    DescriptorOutputStream(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        descriptor.write(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public void close() throws IOException {
        descriptor.close();
    }
}
