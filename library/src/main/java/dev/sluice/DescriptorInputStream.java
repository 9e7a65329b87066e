// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.copy.Transit;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.Objects;

/**
 * See {@link Descriptor#inputStream}. What a transfer had read and could not deliver is what the stream gives next, to
 * whoever reads it or transfers it on.
 */
final class DescriptorInputStream extends InputStream {
    private final Descriptor descriptor;
    private final Transit transit = new Transit();

    DescriptorInputStream(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        if (transit.size() > 0 && descriptor.isOpen()) {
            return transit.take(buffer);
        }
        return descriptor.read(buffer);
    }

    /** What a failed transfer has left, and FIONREAD: see {@link Descriptor#inputStream}. */
    @Override
    public int available() throws IOException {
        return (int) Math.min(descriptor.available() + transit.size(), Integer.MAX_VALUE);
    }

    @Override
    public long transferTo(OutputStream out) throws IOException {
        Objects.requireNonNull(out);
        if (!(out instanceof DescriptorOutputStream ours)) {
            return super.transferTo(out);
        }
        CopyResult result = new Copy(descriptor, ours.descriptor(), transit).run();
        return switch (result.end()) {
            case END_OF_SOURCE -> result.bytes();
            case DESTINATION_GONE ->
                throw Failures.of(
                        "write", ours.descriptor().toString(), Errno.EPIPE, "after " + result.bytes() + " bytes");
            case INTERRUPTED -> throw ended(new InterruptedIOException("interrupted"), result);
            case DEADLINE, IDLE_TIMEOUT -> throw ended(new SocketTimeoutException("the deadline has passed"), result);
            case CLOSED -> throw new AsynchronousCloseException();
            case LIMIT -> throw new IllegalStateException("no limit was set");
        };
    }

    private static InterruptedIOException ended(InterruptedIOException cut, CopyResult result) {
        cut.bytesTransferred = (int) Math.min(result.bytes(), Integer.MAX_VALUE);
        return cut;
    }

    @Override
    public void close() throws IOException {
        descriptor.close();
    }
}
