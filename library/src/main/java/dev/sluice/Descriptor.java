// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.copy.Peeking;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.poll.Adoption;
import dev.sluice.internal.poll.Control;
import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Opening;
import dev.sluice.internal.poll.Raw;
import dev.sluice.internal.poll.Reading;
import dev.sluice.internal.poll.Side;
import dev.sluice.internal.poll.Writing;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ByteChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open, owned file descriptor of any kind: a pipe, a FIFO, a terminal, a socket, a file, a device.
 *
 * <p>Its operations block the calling thread and never a carrier thread: a virtual thread parks until the kernel says
 * that the descriptor is ready, a platform thread waits in poll(2). Reads wait for reads and writes for writes; the two
 * sides run side by side. All methods may be called by any number of threads.
 *
 * {@snippet file="dev/sluice/snippets/Snippets.java" region="descriptor" :
 * try (Descriptor terminal = Descriptor.open(Path.of("/dev/tty"))) {
 *     terminal.setReadDeadline(Duration.ofSeconds(30));
 *     terminal.read(buffer); // parks the virtual thread; SocketTimeoutException after 30 s
 * }
 * }
 *
 * <h2>What ends a wait</h2>
 *
 * <dl>
 *   <dt>Close, by another thread</dt>
 *   <dd>{@link java.nio.channels.AsynchronousCloseException}. An operation that begins after the close throws {@link
 *       java.nio.channels.ClosedChannelException}.
 *   <dt>Interrupt</dt>
 *   <dd>{@link java.io.InterruptedIOException}, whose {@code bytesTransferred} says how much a write had written. The
 *       thread stays interrupted. The descriptor stays open and as good as before: no byte is lost.
 *   <dt>A deadline</dt>
 *   <dd>{@link java.net.SocketTimeoutException}, the JDK's word for it whatever the descriptor is, with
 *       {@code bytesTransferred} as above. See {@link #setReadDeadline}.
 *   <dt>An error of the kernel</dt>
 *   <dd>{@link java.nio.file.FileSystemException}, or the subclass that java.nio.file has for it, with a message such
 *       as {@code write /run/x: EPIPE (Broken pipe)}.
 * </dl>
 *
 * <p>Regular files, directories and block devices are always ready in the eyes of the kernel, though a disk may be
 * slow. A virtual thread's call on one that would wait for the disk runs on one of a few platform threads, and neither
 * interrupt nor close ends it. Such a descriptor has no deadlines and no hang-up.
 *
 * <p>Every descriptor is close-on-exec, so no child process inherits it. One that is forgotten is closed after the
 * collector has found it, and logged as a warning under the name of this class.
 *
 * @see Pipe
 * @see Fifo
 * @see Child
 * @see Connection
 * @see Listener
 * @see MessageSocket
 * @see Inherited
 * @see Copy
 */
public sealed class Descriptor implements ByteChannel, ScatteringByteChannel, GatheringByteChannel
        permits Fifo, SocketDescriptor {
    private static final Cleaner CLEANER = Cleaner.create();

    private final OpenDescriptor open;
    private final Cleaner.Cleanable cleanable;

    Descriptor(OpenDescriptor open) {
        this.open = open;
        this.cleanable = CLEANER.register(this, new ForgottenDescriptor(open));
    }

    /**
     * A callback that uses a descriptor's number for a system call of its own.
     *
     * @see Descriptor#read(RawCall)
     */
    @FunctionalInterface
    public interface RawCall {
        /**
         * Tries once. Must not block: the descriptor is O_NONBLOCK (but for one adopted in blocking mode, see
         * {@link #adopt}).
         *
         * @param fd the number, lent until this method returns
         * @return whether it is done; if not (EAGAIN), it is called again when the descriptor may be ready. One that is
         *     not done although the descriptor is ready is called again when more comes, and from time to time: on a
         *     platform thread each 20 ms in the end, on a virtual one each 250 ms
         * @throws IOException passed on to the caller
         */
        boolean attempt(int fd) throws IOException;
    }

    /**
     * A callback that uses a descriptor's number for something that waits for nothing, such as fcntl(2).
     *
     * @param <T> what it finds out
     * @see Descriptor#control
     */
    @FunctionalInterface
    public interface RawControl<T extends @Nullable Object> {
        /**
         * Runs once. Must not block, nor close the number. May use another descriptor's {@code control} inside, for a
         * call on both.
         *
         * @param fd the number, lent until this method returns
         * @return whatever the caller of {@link Descriptor#control} is to get
         * @throws IOException passed on to the caller
         */
        T run(int fd) throws IOException;
    }

    /**
     * Opens whatever lies at a path: see open(2). The mode of a file that is made is 0666 less the umask.
     *
     * @param path where
     * @param options as there
     * @return the descriptor, to be closed by the caller
     * @throws IOException as there
     * @see #open(Path, Set, FileAttribute...)
     */
    public static Descriptor open(Path path, OpenOption... options) throws IOException {
        return open(path, new HashSet<>(Arrays.asList(options)));
    }

    /**
     * Opens whatever lies at a path: see open(2). It is always O_NONBLOCK and O_CLOEXEC, and so waits for no peer: a
     * FIFO's reader waits for a writer when it is first read, a FIFO's writer for a reader when it is first written.
     *
     * @param path where
     * @param options of {@link java.nio.file.StandardOpenOption}: READ (as without any), WRITE, both for O_RDWR,
     *     APPEND, TRUNCATE_EXISTING, CREATE, CREATE_NEW, SYNC, DSYNC; and
     *     {@link java.nio.file.LinkOption#NOFOLLOW_LINKS}
     * @param attributes the permissions of a file that is made, as {@link
     *     java.nio.file.attribute.PosixFilePermissions#asFileAttribute} gives them, less the umask
     * @return the descriptor, to be closed by the caller
     * @throws UnsupportedOperationException for any other option or attribute
     * @throws IllegalArgumentException for options that contradict each other
     * @throws java.nio.file.NoSuchFileException ENOENT
     * @throws java.nio.file.AccessDeniedException EACCES
     * @throws java.nio.file.FileAlreadyExistsException EEXIST, with CREATE_NEW
     * @throws java.nio.file.FileSystemException any other error
     */
    public static Descriptor open(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        int flags = OpenFlags.of(options);
        return new Descriptor(Opening.open(path, flags, Permissions.mode(attributes, 0666)));
    }

    /**
     * Takes over a descriptor that this process inherited, without changing what it shares with the process that gave
     * it: its O_NONBLOCK flag stays as it is. A pipe, a FIFO and a terminal are opened anew, with a file description of
     * their own; all else keeps the shared one, and with it the position of a file.
     *
     * <p>What is returned is of the type that fits it: a {@link Connection}, a {@link Listener}, a {@link
     * MessageSocket} or a {@link MessageListener} for a socket.
     *
     * <p>The number belongs to the returned descriptor from now on. 0, 1 and 2 stay open until {@link #close}, and
     * refer to /dev/null after it; higher ones may be closed at once, once they have been opened anew.
     *
     * @param fd a number such as 0 for standard input
     * @return its only owner from now on
     * @throws java.nio.file.FileSystemException EBADF if nothing is open there
     */
    public static Descriptor adopt(int fd) throws IOException {
        return of(Adoption.adopt(fd));
    }

    /** The type of descriptor that it is. */
    static Descriptor of(OpenDescriptor open) {
        return switch (open.kind()) {
            case STREAM_SOCKET -> new Connection(open);
            case LISTENER -> new Listener(open, null);
            case MESSAGE_SOCKET -> new MessageSocket(open, null);
            case MESSAGE_LISTENER -> new MessageListener(open, null);
            default -> new Descriptor(open);
        };
    }

    OpenDescriptor internal() {
        return open;
    }

    /**
     * Reads some bytes: as many as are there and the buffer has room for. Waits until there is at least one, unless the
     * buffer has no room. Heap and direct buffers are alike.
     *
     * @return how many; or -1 at the end: all writers of a pipe have gone and it is empty, the peer has sent its last
     *     byte, the file ends here. A FIFO that no writer has opened yet is not at its end. A message of no bytes is 0.
     * @throws java.nio.channels.NonReadableChannelException if it is open for writing only
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only; nothing is taken
     * @throws IOException as the class description says
     */
    @Override
    public int read(ByteBuffer buffer) throws IOException {
        if (buffer.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        try {
            long count = Reading.read(open, MemorySegment.ofBuffer(buffer));
            if (count > 0) {
                buffer.position(buffer.position() + (int) count);
            }
            return (int) count;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Reads without taking: waits until more than {@code beyond} bytes are there, or will never be, and puts what is
     * there and the buffer has room for into the buffer, from the first byte on. All of it stays, for the next read or
     * peek. So whoever decodes records from a pipe takes a record when he has kept it safe, and one that has begun only
     * waits where it is:
     *
     * {@snippet file="dev/sluice/snippets/Snippets.java" region="peek" :
     * int rest = 0;
     * int seen;
     * while ((seen = source.peek(buffer.clear(), rest)) > rest) {
     *     int kept = keepLines(buffer.flip()); // up to the last newline
     *     source.read(buffer.clear().limit(kept)); // takes these bytes, and no more
     *     rest = seen - kept;
     * }
     * }
     *
     * <p>For pipes, FIFOs and stream sockets. Deadlines, interrupt and close end it as they end a read; it is one among
     * the reads, which wait for it as it does for them. A pipe's bytes are seen by tee(2) into a pipe of the library's,
     * and a socket's by MSG_PEEK of recv(2). Of a stream that brings descriptors (see {@link Connection#receive}) no
     * more is seen than up to the first bytes that brought some.
     *
     * <p><b>The end.</b> An answer of {@code beyond} or less says that no more will come than these: all writers have
     * gone, the peer has sent its last word. That is noticed at once.
     *
     * <p><b>A full pipe</b> gets no more bytes, so to wait for them would be in vain. It may be full with far less than
     * its capacity in bytes, which are counted in pages: see {@link PipeFullException}. What a socket's buffer holds
     * cannot be asked; do not wait there for more than some ten thousand bytes without a deadline.
     *
     * <p><b>What it costs to wait</b> while some is there, and too little. A virtual thread is woken by each write.
     * Only one of a blocking writer that is larger than the room in the pipe makes no event before it is over, so the
     * thread looks for that too, after 1 ms and then ever more seldom, each 250 ms in the end. A platform thread looks
     * for more after 1 ms, and each 20 ms in the end; more seldom where hundreds look. While nothing is there, both
     * sleep until something comes.
     *
     * @param buffer with room for more than {@code beyond} bytes; its position is moved as by a read
     * @param beyond how many bytes are too few, 0 or more: those that the caller has seen already
     * @return how many bytes were put into the buffer; -1 at the end, if nothing is left
     * @throws IllegalArgumentException if {@code beyond} is negative, or the buffer has no room for more than that
     * @throws java.nio.ReadOnlyBufferException if the buffer is read-only
     * @throws UnsupportedOperationException if it is neither a pipe, a FIFO nor a stream socket
     * @throws java.nio.channels.NonReadableChannelException if it is open for writing only, or a listener
     * @throws PipeFullException if it is a pipe that is full, and has no more than {@code beyond} bytes
     * @throws java.nio.file.FileSystemException EMFILE and the like if no pipe can be made to look by, EPERM if none
     *     that is large enough (pipe(7)); nothing is lost
     * @throws IOException as the class description says
     */
    public int peek(ByteBuffer buffer, int beyond) throws IOException {
        if (buffer.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        if (beyond < 0 || buffer.remaining() <= beyond) {
            throw new IllegalArgumentException("beyond " + beyond + " bytes, with room for " + buffer.remaining());
        }
        try {
            int count = Peeking.peek(open, MemorySegment.ofBuffer(buffer), beyond);
            if (count == Peeking.FULL) {
                throw new PipeFullException(toString());
            }
            buffer.position(buffer.position() + Math.max(0, count));
            return count;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Writes all that remains in the buffer, waiting as often as it takes. After a failure the buffer's position tells
     * how much was written, where an interrupt or a deadline was the reason, and the exception's message in every case.
     *
     * @return how many bytes: all
     * @throws java.nio.channels.NonWritableChannelException if it is open for reading only
     * @throws IOException as the class description says; EPIPE when nobody can read any more
     */
    @Override
    public int write(ByteBuffer buffer) throws IOException {
        int length = buffer.remaining();
        try {
            Writing.write(open, MemorySegment.ofBuffer(buffer));
            buffer.position(buffer.limit());
            return length;
        } catch (InterruptedIOException cut) {
            buffer.position(buffer.position() + cut.bytesTransferred);
            throw cut;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Reads into several buffers, in order, with one read: see {@link #read(ByteBuffer)}. */
    @Override
    public long read(ByteBuffer[] buffers, int offset, int length) throws IOException {
        return Vectors.read(this, buffers, offset, length);
    }

    /** Reads into several buffers: see {@link #read(ByteBuffer[], int, int)}. */
    @Override
    public long read(ByteBuffer[] buffers) throws IOException {
        return read(buffers, 0, buffers.length);
    }

    /**
     * Writes all that remains in several buffers, in order, with as few writes as will do. No other write of this
     * descriptor comes between them. One of another process may, into a pipe, unless the total is up to PIPE_BUF
     * (4,096) bytes: see pipe(7).
     */
    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
        return Vectors.write(this, buffers, offset, length);
    }

    /** Writes several buffers: see {@link #write(ByteBuffer[], int, int)}. */
    @Override
    public long write(ByteBuffer[] buffers) throws IOException {
        return write(buffers, 0, buffers.length);
    }

    /**
     * Raw access for reading: runs the callback, and again at each readiness to be read, until it answers true. Locks,
     * deadlines, interrupt and close apply as for {@link #read(ByteBuffer)}.
     *
     * {@snippet file="dev/sluice/snippets/Snippets.java" region="raw" :
     * socket.read(fd -> receive(fd) != EAGAIN); // runs again whenever the socket may be readable
     * }
     *
     * @param call what to do
     * @throws UnsupportedOperationException if the callback is not done, and the descriptor's readiness cannot be
     *     waited for (a file)
     * @throws IOException what the callback throws, or as the class description says
     */
    public void read(RawCall call) throws IOException {
        raw(open.readSide(), call);
    }

    /**
     * Raw access for writing: as {@link #read(RawCall)}, for readiness to be written.
     *
     * @param call what to do
     * @throws IOException what the callback throws, or as the class description says
     */
    public void write(RawCall call) throws IOException {
        raw(open.writeSide(), call);
    }

    private void raw(Side side, RawCall call) throws IOException {
        try {
            Raw.run(side, call::attempt);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Runs the callback once, beside reads and writes under way. The number cannot be closed meanwhile.
     *
     * @param <T> what the callback finds out
     * @param call what to do
     * @return what the callback returns
     * @throws IOException what the callback throws, or {@link java.nio.channels.ClosedChannelException}
     */
    public <T extends @Nullable Object> T control(RawControl<T> call) throws IOException {
        try {
            return Control.run(open, (side, fd) -> call.run(fd));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Sets the moment by which reads end, so far from now, for those under way too. From then on each fails, even when
     * data is there, until another deadline is set or this one is cleared; then the descriptor is as good as new.
     *
     * @param fromNow a duration; none or less has passed already
     * @throws UnsupportedOperationException if the descriptor cannot be waited for (a file)
     * @throws IOException if the descriptor is closed
     */
    public void setReadDeadline(Duration fromNow) throws IOException {
        setDeadline(open.readSide(), Deadline.after(nanos(fromNow)));
    }

    /**
     * Sets the moment by which writes end: as {@link #setReadDeadline}.
     *
     * @param fromNow a duration; none or less has passed already
     * @throws UnsupportedOperationException if the descriptor cannot be waited for (a file)
     * @throws IOException if the descriptor is closed
     */
    public void setWriteDeadline(Duration fromNow) throws IOException {
        setDeadline(open.writeSide(), Deadline.after(nanos(fromNow)));
    }

    /**
     * Lets reads wait without end again.
     *
     * @throws IOException if the descriptor is closed
     */
    public void clearReadDeadline() throws IOException {
        setDeadline(open.readSide(), Deadline.NONE);
    }

    /**
     * Lets writes wait without end again.
     *
     * @throws IOException if the descriptor is closed
     */
    public void clearWriteDeadline() throws IOException {
        setDeadline(open.writeSide(), Deadline.NONE);
    }

    /** For all sides: to read, to write, and a listener's to accept. */
    final void setDeadline(Side side, long moment) throws IOException {
        try {
            Control.setDeadline(side, moment);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /**
     * Waits until the other end hangs up, with no read or write under way, and takes nothing of what is buffered. Ended
     * by interrupt and close, as the class description says.
     *
     * @return in which way
     * @throws UnsupportedOperationException if the descriptor cannot be waited for (a file)
     * @throws IOException as the class description says
     */
    public Hangup awaitHangup() throws IOException {
        try {
            return HangupWatch.awaitFirst(open);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Tells of each hang-up from now on, once per going; at once, if the other end has gone already. Where a FIFO's or
     * a terminal's peer comes back, that is told too, within some 20 ms.
     *
     * @param listener called on a virtual thread of its own, so that it may block
     * @return closes the watch; it also ends when the descriptor is closed
     * @throws UnsupportedOperationException if the descriptor cannot be waited for (a file)
     */
    public HangupWatch onHangup(Consumer<Hangup> listener) {
        try {
            return HangupWatch.start(open, listener);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * {@return the capacity of the pipe, in bytes} See F_GETPIPE_SZ of fcntl(2).
     *
     * @throws java.nio.file.FileSystemException EBADF if it is no pipe
     */
    public int pipeCapacity() throws IOException {
        try {
            return Control.pipeCapacity(open);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Sets the capacity of the pipe: F_SETPIPE_SZ of fcntl(2).
     *
     * @param bytes as many as it is to hold at least
     * @return what it is now: the kernel rounds up
     * @throws java.nio.file.FileSystemException EPERM past the limits of pipe(7), EBUSY below what is buffered, EBADF
     *     if it is no pipe
     */
    public int setPipeCapacity(int bytes) throws IOException {
        try {
            return Control.setPipeCapacity(open, bytes);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * {@return the position of the next read and write, in bytes} See lseek(2).
     *
     * @throws java.nio.file.FileSystemException ESPIPE if it is nothing that has a position
     */
    public long position() throws IOException {
        try {
            return Control.seek(open, 0, Constants.SEEK_CUR);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Sets the position of the next read and write: see lseek(2).
     *
     * @param position in bytes from the start
     * @throws java.nio.file.FileSystemException ESPIPE if it is nothing that has a position
     * @throws IOException if the descriptor is closed
     */
    public void setPosition(long position) throws IOException {
        try {
            Control.seek(open, position, Constants.SEEK_SET);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * {@return a stream that reads from this descriptor, and closes it} Its {@link InputStream#transferTo} to an
     * {@link #outputStream} of another descriptor is a {@link Copy}, and so moves bytes in the kernel and ends when the
     * destination's reader goes. A transfer that fails loses nothing: what it had read and could not deliver, this
     * stream gives next, and counts in {@link InputStream#available}. Else that is what the kernel says (FIONREAD: see
     * pipe(7), tcp(7), ioctl_tty(2); of a file, what is left of its size), and 0 for a device that does not, or where
     * reading is cut off. Unlike the descriptor it is for one thread at a time.
     */
    public InputStream inputStream() {
        open.readSide();
        return new DescriptorInputStream(this);
    }

    long available() throws IOException {
        try {
            return Control.available(open);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** {@return a stream that writes to this descriptor, and closes it} */
    public OutputStream outputStream() {
        open.writeSide();
        return new DescriptorOutputStream(this);
    }

    @Override
    public boolean isOpen() {
        return !open.isClosed();
    }

    /**
     * Closes it. All who wait on it get {@link java.nio.channels.AsynchronousCloseException}; then the number is
     * closed, and this method returns. It does not wait for a call that is at work on a disk, nor for a callback that
     * itself calls this method: there the number is closed when the call is over. A second close does nothing.
     *
     * @throws java.nio.file.FileSystemException what close(2) reports; the number is closed nonetheless
     */
    @Override
    public void close() throws IOException {
        try {
            open.close();
        } finally {
            cleanable.clean();
        }
    }

    /** What it was opened as: a path, {@code fd 0}, {@code pipe (read end)}. */
    @Override
    public String toString() {
        return open.name();
    }
}
