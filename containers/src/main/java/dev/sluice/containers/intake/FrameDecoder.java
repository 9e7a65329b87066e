// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import static dev.sluice.containers.intake.FrameFields.HEADER;
import static dev.sluice.containers.intake.FrameFields.LAST;
import static dev.sluice.containers.intake.FrameFields.LINE;
import static dev.sluice.containers.intake.FrameFields.PARTIAL;
import static dev.sluice.containers.intake.FrameFields.PARTIAL_LOG_METADATA;
import static dev.sluice.containers.intake.FrameFields.SOURCE;
import static dev.sluice.containers.intake.FrameFields.TIME_NANO;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.sluice.containers.log.Entry;
import dev.sluice.containers.log.Output;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what dockerd writes to a log driver's FIFO: see {@link FrameFields}.
 *
 * <p>Fields that are not known are passed over. Nothing is allocated by what a length says: a line is where it was.
 */
public final class FrameDecoder implements EntryDecoder {
    /** The longest frame that is taken, in bytes without its length. Dockerd cuts lines at 16 KiB. */
    public static final int LONGEST = 1 << 20;

    private static final VarHandle BIG_ENDIAN_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private byte[] array = {};
    private int base;
    private int end;
    private int position;
    private CodedInputStream in = CodedInputStream.newInstance(array);

    // Of the frame that is being decoded.
    private boolean isStderr;
    private long nanos;
    private int lineAt;
    private int lineLength;
    private boolean isPartial;
    private boolean isLast;

    /** Makes one that has no bytes yet. */
    public FrameDecoder() {}

    /**
     * Begins with these bytes, the first of which begins a frame.
     *
     * @param bytes are not copied: entries refer to them
     * @param from the first one
     * @param to behind the last one
     */
    public void feed(byte[] bytes, int from, int to) {
        array = bytes;
        base = from;
        end = to;
        position = from;
        in = CodedInputStream.newInstance(bytes, from, to - from);
    }

    @Override
    public void feed(byte[] bytes, int from, int to, long now) {
        feed(bytes, from, to);
    }

    /**
     * The next entry.
     *
     * @return null if no whole frame is left
     * @throws MalformedFrameException if it is no frame
     */
    @Override
    public @Nullable Entry next() throws MalformedFrameException {
        int available = end - position;
        if (available < HEADER) {
            return null;
        }
        int length = length();
        if (available - HEADER < length) {
            return null;
        }
        try {
            in.skipRawBytes(HEADER);
            int limit = in.pushLimit(length);
            decode();
            in.popLimit(limit);
        } catch (IOException malformed) {
            throw new MalformedFrameException("a frame of " + length + " bytes: " + malformed.getMessage());
        }
        position += HEADER + length;
        return new Entry(
                isStderr ? Output.STDERR : Output.STDOUT, nanos, array, lineAt, lineLength, !isPartial || isLast);
    }

    @Override
    public int position() {
        return position;
    }

    /**
     * {@return how many bytes from {@link #position} on a frame needs, its length included; the length's own, if that
     * is not there}
     */
    @Override
    public int needed() {
        try {
            return end - position < HEADER ? HEADER : HEADER + length();
        } catch (MalformedFrameException malformed) {
            return HEADER;
        }
    }

    @Override
    public @Nullable Entry rest() throws MalformedFrameException {
        if (position == end) {
            return null;
        }
        throw new MalformedFrameException("it ended after " + (end - position) + " bytes of a frame of "
                + needed());
    }

    @Override
    public boolean isDivisible() {
        return false;
    }

    private int length() throws MalformedFrameException {
        int length = (int) BIG_ENDIAN_INT.get(array, position);
        // An entry names its source at least.
        if (length <= 0 || length > LONGEST) {
            throw new MalformedFrameException("a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        return length;
    }

    private void decode() throws IOException {
        isStderr = false;
        nanos = 0;
        lineAt = position;
        lineLength = 0;
        isPartial = false;
        isLast = false;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case SOURCE -> readSource(tag);
                case TIME_NANO -> {
                    require(tag, WireFormat.WIRETYPE_VARINT);
                    nanos = in.readInt64();
                }
                case LINE -> {
                    lineLength = readLength(tag);
                    lineAt = base + in.getTotalBytesRead();
                    in.skipRawBytes(lineLength);
                }
                case PARTIAL -> {
                    require(tag, WireFormat.WIRETYPE_VARINT);
                    isPartial = in.readBool();
                }
                case PARTIAL_LOG_METADATA -> readMetadata(tag);
                default -> skip(tag);
            }
        }
    }

    private void readSource(int tag) throws IOException {
        int length = readLength(tag);
        // "stdout" and "stderr" differ in the fourth byte.
        int at = base + in.getTotalBytesRead();
        in.skipRawBytes(length);
        isStderr = length == 6 && array[at + 3] == 'e';
    }

    private void readMetadata(int tag) throws IOException {
        int limit = in.pushLimit(readLength(tag));
        for (int inner = in.readTag(); inner != 0; inner = in.readTag()) {
            if (WireFormat.getTagFieldNumber(inner) == LAST) {
                require(inner, WireFormat.WIRETYPE_VARINT);
                isLast = in.readBool();
            } else {
                skip(inner);
            }
        }
        in.popLimit(limit);
    }

    private int readLength(int tag) throws IOException {
        require(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int length = in.readRawVarint32();
        if (length < 0 || length > in.getBytesUntilLimit()) {
            throw new InvalidProtocolBufferException("a field that is longer than its message");
        }
        return length;
    }

    private static void require(int tag, int wireType) throws IOException {
        if (WireFormat.getTagWireType(tag) != wireType) {
            throw new InvalidProtocolBufferException("field " + WireFormat.getTagFieldNumber(tag) + " has wire type "
                    + WireFormat.getTagWireType(tag));
        }
    }

    private void skip(int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("an end of a group that never began");
        }
    }
}
