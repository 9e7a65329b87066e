// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import static dev.sluice.containers.intake.FrameFields.HEADER;
import static dev.sluice.containers.intake.FrameFields.ID;
import static dev.sluice.containers.intake.FrameFields.LAST;
import static dev.sluice.containers.intake.FrameFields.LINE;
import static dev.sluice.containers.intake.FrameFields.ORDINAL;
import static dev.sluice.containers.intake.FrameFields.PARTIAL;
import static dev.sluice.containers.intake.FrameFields.PARTIAL_LOG_METADATA;
import static dev.sluice.containers.intake.FrameFields.SOURCE;
import static dev.sluice.containers.intake.FrameFields.TIME_NANO;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.sluice.containers.log.Entry;
import dev.sluice.containers.log.Output;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Writes entries as dockerd wants to read them: a big-endian length, and a LogEntry in protobuf. dockerd hands the text
 * of each on as it is, so a line has its newline here, and a piece of a line has none.
 */
final class FrameEncoder {
    /** Enough for all but the text. */
    private static final int OVERHEAD = 128;

    private final Pieces stdout = new Pieces();
    private final Pieces stderr = new Pieces();
    private byte[] frame = new byte[4096];

    /** The line of an output that is under way in pieces. */
    private static final class Pieces {
        int line;
        int ordinal;
    }

    /**
     * Writes one.
     *
     * @throws IOException if it cannot be written
     */
    void write(Entry entry, OutputStream out) throws IOException {
        int most = entry.length() + OVERHEAD;
        if (frame.length < most) {
            frame = new byte[Math.max(most, 2 * frame.length)];
        }
        CodedOutputStream message = CodedOutputStream.newInstance(frame, HEADER, frame.length - HEADER);
        encode(entry, message);
        int length = message.getTotalBytesWritten();
        ByteBuffer.wrap(frame).putInt(length);
        out.write(frame, 0, HEADER + length);
    }

    private void encode(Entry entry, CodedOutputStream message) throws IOException {
        message.writeString(SOURCE, entry.output().label());
        message.writeInt64(TIME_NANO, entry.nanos());
        message.writeTag(LINE, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        message.writeUInt32NoTag(entry.length() + (entry.endsLine() ? 1 : 0));
        message.writeRawBytes(entry.bytes(), entry.offset(), entry.length());
        if (entry.endsLine()) {
            message.write((byte) '\n');
        }
        encodePiece(entry, message);
    }

    /** As in dockerd's own frames, all pieces of a line are partial, its last one too. */
    private void encodePiece(Entry entry, CodedOutputStream message) throws IOException {
        Pieces line = entry.output() == Output.STDOUT ? stdout : stderr;
        if (entry.endsLine() && line.ordinal == 0) {
            return;
        }
        line.ordinal++;
        String id = entry.output().label() + line.line;
        message.writeBool(PARTIAL, true);
        message.writeTag(PARTIAL_LOG_METADATA, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        message.writeUInt32NoTag(CodedOutputStream.computeBoolSize(LAST, entry.endsLine())
                + CodedOutputStream.computeStringSize(ID, id)
                + CodedOutputStream.computeInt32Size(ORDINAL, line.ordinal));
        message.writeBool(LAST, entry.endsLine());
        message.writeString(ID, id);
        message.writeInt32(ORDINAL, line.ordinal);
        if (entry.endsLine()) {
            line.line++;
            line.ordinal = 0;
        }
    }
}
