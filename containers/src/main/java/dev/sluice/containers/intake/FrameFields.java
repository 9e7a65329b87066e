// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

/**
 * The numbers of the fields in Docker's log frames, each of which is a big-endian uint32 length, and so many bytes of
 * protobuf:
 *
 * <pre>
 * message LogEntry {
 *   string source = 1;          // "stdout" or "stderr"
 *   int64 time_nano = 2;
 *   bytes line = 3;             // without its newline in what dockerd writes, and with it in what it reads
 *   bool partial = 4;           // a piece of a line that is longer than 16 KiB: set on the last one too
 *   PartialLogEntryMetadata partial_log_metadata = 5;
 * }
 * message PartialLogEntryMetadata { bool last = 1; string id = 2; int32 ordinal = 3; }
 * </pre>
 */
public final class FrameFields {
    /** Bytes of the length that goes before each frame. */
    public static final int HEADER = Integer.BYTES;

    public static final int SOURCE = 1;
    public static final int TIME_NANO = 2;
    public static final int LINE = 3;
    public static final int PARTIAL = 4;
    public static final int PARTIAL_LOG_METADATA = 5;

    /** Of the metadata. */
    public static final int LAST = 1;

    /** Of the metadata. */
    public static final int ID = 2;

    /** Of the metadata. */
    public static final int ORDINAL = 3;

    private FrameFields() {}
}
