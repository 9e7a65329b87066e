// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;

/**
 * What must outlive the process that writes a log: which batch is in flight, and how often each file was rotated.
 *
 * <p>It is a page of memory that is mapped from the file {@code journal}. What is stored there is the kernel's at once,
 * so a killed process leaves it as it was at its last instruction, at no cost but that of a store. It need not survive
 * the machine: after that no source is left, and {@link #isOfThisBoot} says so.
 *
 * <pre>
 *   0  magic
 *   8  the boot, as a hash of its id
 *  16  rotations of the first file: twice the sequence of the file that is written; odd during a rotation
 *  24  of the second one (raw: stderr.log)
 *  64  {@value #SLOTS} slots of 64 bytes: state, source's inode, bytes, their hash, both files' lengths before
 * </pre>
 *
 * <p>A slot goes from IDLE to WRITING (the files have grown, by how much is not known) to WRITTEN (the entries are in
 * the files; their bytes may have been taken from the source, or not yet) and back. What a killed process has left in
 * WRITTEN stays until its source has been asked ({@link ContainerLog#source}), so each source has a slot of its own.
 */
final class Journal implements AutoCloseable {
    /** The file's name. */
    static final String FILE = "journal";

    static final long IDLE = 0;
    static final long WRITING = 1;
    static final long WRITTEN = 2;

    static final int SLOTS = 8;

    /** How many files a log has at most. */
    static final int FILES = 2;

    /** For the length of a file that a batch does not write to. */
    static final long UNTOUCHED = -1;

    private static final int SIZE = 4096;
    private static final long MAGIC = 0x314c_4e52_4a43_4c53L;
    private static final int BOOT = 8;
    private static final int ROTATIONS = 16;
    private static final int FIRST_SLOT = 64;
    private static final int SLOT_BYTES = 64;

    private static final int STATE = 0;
    private static final int INODE = 8;
    private static final int BYTES = 16;
    private static final int HASH = 24;
    private static final int LENGTHS = 32;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = LONG.varHandle();

    private final Arena arena;
    private final MemorySegment page;
    private final boolean thisBoot;

    private Journal(Arena arena, MemorySegment page, long boot) {
        this.arena = arena;
        this.page = page;
        this.thisBoot = page.get(LONG, 0) == MAGIC && page.get(LONG, BOOT) == boot;
        if (!thisBoot) {
            // First of all, or a process that is killed here leaves slots of before that seem to be of this boot.
            for (int slot = 0; slot < SLOTS; slot++) {
                setState(slot, IDLE);
            }
        }
        LONGS.setVolatile(page, 0L, MAGIC);
        LONGS.setVolatile(page, (long) BOOT, boot);
    }

    @SuppressWarnings("MustBeClosedChecker") // close() does
    static Journal open(ContainerFolder folder) throws IOException {
        try (Descriptor file = SafeFiles.openForWriting(folder.file(FILE), false)) {
            long size = SafeFiles.size(file);
            if (size < SIZE) {
                // Written, not only grown: a mapped page without a block would be a SIGBUS on a full disk.
                file.setPosition(size);
                file.write(ByteBuffer.allocate(SIZE - (int) size));
            }
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(
                folder.file(FILE), StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            MemorySegment page = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE, arena);
            return new Journal(arena, page, Hash.of(Boot.id()));
        } catch (IOException | RuntimeException failure) {
            arena.close();
            throw failure;
        }
    }

    /** Whether what was found is of this run of the kernel. */
    boolean isOfThisBoot() {
        return thisBoot;
    }

    /** {@return twice the sequence of the file that is written, and one more during a rotation} */
    long rotations(int file) {
        return (long) LONGS.getVolatile(page, (long) ROTATIONS + file * Long.BYTES);
    }

    void setRotations(int file, long value) {
        LONGS.setVolatile(page, (long) ROTATIONS + file * Long.BYTES, value);
    }

    /** {@return the slot of a source: its own one, or one that is free} */
    int slot(long inode) {
        int free = 0;
        for (int slot = SLOTS - 1; slot >= 0; slot--) {
            if (state(slot) == IDLE) {
                free = slot;
            } else if (inode(slot) == inode) {
                return slot;
            }
        }
        return free;
    }

    void begin(int slot, long inode, int bytes, long hash, long[] lengths) {
        long at = at(slot);
        page.set(LONG, at + INODE, inode);
        page.set(LONG, at + BYTES, bytes);
        page.set(LONG, at + HASH, hash);
        for (int file = 0; file < FILES; file++) {
            page.set(LONG, at + LENGTHS + (long) file * Long.BYTES, lengths[file]);
        }
        setState(slot, WRITING);
    }

    void setState(int slot, long state) {
        LONGS.setVolatile(page, at(slot) + STATE, state);
    }

    long state(int slot) {
        return (long) LONGS.getVolatile(page, at(slot) + STATE);
    }

    long inode(int slot) {
        return page.get(LONG, at(slot) + INODE);
    }

    long bytes(int slot) {
        return page.get(LONG, at(slot) + BYTES);
    }

    long hash(int slot) {
        return page.get(LONG, at(slot) + HASH);
    }

    /** {@return how long a file was before the batch} */
    long lengthBefore(int slot, int file) {
        return page.get(LONG, at(slot) + LENGTHS + (long) file * Long.BYTES);
    }

    private static long at(int slot) {
        return FIRST_SLOT + (long) slot * SLOT_BYTES;
    }

    /**
     * What another process's journal says about rotations.
     *
     * @return as {@link #rotations(int)}; 0 if there is no journal
     */
    static long rotations(ContainerFolder folder, int file) throws IOException {
        byte[] bytes = folder.read(FILE, SIZE);
        int at = ROTATIONS + file * Long.BYTES;
        if (bytes == null || bytes.length < at + Long.BYTES) {
            return 0;
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
    }

    @Override
    public void close() {
        arena.close();
    }
}
