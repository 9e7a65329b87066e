// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A child process whose standard input and output are descriptors of ours, so that to read and write them holds no
 * carrier thread.
 *
 * <p>The JDK starts it. Its output ends when the pipe does: when the child and everybody who inherited it have closed
 * it, a grandchild's late words included; never simply when the child exits.
 *
 * {@snippet file="dev/sluice/snippets/Snippets.java" region="child" :
 * try (Child make = Child.start(new ProcessBuilder("make").redirectErrorStream(true))) {
 *     Copy.from(make.stdout()).to(log).run(); // to the last word, whoever says it
 *     return make.waitFor();
 * }
 * }
 */
public final class Child implements AutoCloseable {
    private final Process process;
    private final @Nullable Descriptor stdin;
    private final @Nullable Descriptor stdout;
    private final @Nullable Descriptor stderr;

    private Child(
            Process process,
            @Nullable Descriptor stdin,
            @Nullable Descriptor stdout,
            @Nullable Descriptor stderr) {
        this.process = process;
        this.stdin = stdin;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /**
     * Starts what the builder describes. Each of standard input, output and error that the builder redirects to a pipe
     * ({@link Redirect#PIPE}, as it does unless told otherwise) becomes a descriptor of ours; the others go where it
     * says. The builder itself is left as it was.
     *
     * @param builder is not to be changed by others until this method returns
     * @return the child, at work
     * @throws IOException if the command cannot be started; nothing is left open then
     */
    public static Child start(ProcessBuilder builder) throws IOException {
        Redirect in = builder.redirectInput();
        Redirect out = builder.redirectOutput();
        Redirect err = builder.redirectError();
        List<Descriptor> ours = new ArrayList<>();
        List<Descriptor> theirs = new ArrayList<>();
        try {
            Descriptor stdin = null;
            Descriptor stdout = null;
            Descriptor stderr = null;
            if (in.equals(Redirect.PIPE)) {
                Pipe pipe = Pipe.open();
                stdin = pipe.sink();
                ours.add(stdin);
                theirs.add(pipe.source());
                builder.redirectInput(Redirect.from(place(pipe.source())));
            }
            if (out.equals(Redirect.PIPE)) {
                Pipe pipe = Pipe.open();
                stdout = pipe.source();
                ours.add(stdout);
                theirs.add(pipe.sink());
                builder.redirectOutput(Redirect.to(place(pipe.sink())));
            }
            if (err.equals(Redirect.PIPE) && !builder.redirectErrorStream()) {
                Pipe pipe = Pipe.open();
                stderr = pipe.source();
                ours.add(stderr);
                theirs.add(pipe.sink());
                builder.redirectError(Redirect.to(place(pipe.sink())));
            }
            return new Child(builder.start(), stdin, stdout, stderr);
        } catch (Throwable failure) {
            closeAll(ours);
            throw failure;
        } finally {
            closeAll(theirs);
            builder.redirectInput(in);
            builder.redirectOutput(out);
            builder.redirectError(err);
        }
    }

    // Not by the JDK's own pipes: its ProcessImpl drains and closes them when the child itself exits, so what a
    // grandchild says later is lost. It opens this file for the child: a description of the child's own, in blocking
    // mode.
    private static File place(Descriptor descriptor) throws IOException {
        return new File("/proc/self/fd/" + descriptor.control(fd -> fd));
    }

    private static void closeAll(List<Descriptor> descriptors) throws IOException {
        for (Descriptor descriptor : descriptors) {
            descriptor.close();
        }
    }

    /** {@return the process: its id, its exit, its end} Its streams are not to be used. */
    public Process process() {
        return process;
    }

    /**
     * {@return the writing end of the child's standard input}
     *
     * @throws IllegalStateException if it was redirected elsewhere
     */
    public Descriptor stdin() {
        return require(stdin, "input");
    }

    /**
     * {@return the reading end of the child's standard output}
     *
     * @throws IllegalStateException if it was redirected elsewhere
     */
    public Descriptor stdout() {
        return require(stdout, "output");
    }

    /**
     * {@return the reading end of the child's standard error}
     *
     * @throws IllegalStateException if it was redirected elsewhere, or into standard output
     */
    public Descriptor stderr() {
        return require(stderr, "error");
    }

    private static Descriptor require(@Nullable Descriptor descriptor, String which) {
        if (descriptor == null) {
            throw new IllegalStateException("the child's standard " + which + " was redirected elsewhere");
        }
        return descriptor;
    }

    /**
     * Lets the child's output and error end so long after the child's own exit, with what has come by then, although
     * somebody who inherited them may still hold them open. Without it they end when the last of those closes them.
     *
     * @param afterExit none or more
     * @return this child
     */
    public Child outputGrace(Duration afterExit) {
        long nanos = Math.max(0, Descriptor.nanos(afterExit));
        Thread.ofVirtual().name("sluice-child-grace").start(() -> {
            try {
                process.waitFor();
                Thread.sleep(Duration.ofNanos(nanos));
            } catch (InterruptedException unexpected) {
                return;
            }
            for (@Nullable Descriptor output : new @Nullable Descriptor[] {stdout, stderr}) {
                if (output != null) {
                    output.internal().cutOff();
                }
            }
        });
        return this;
    }

    /**
     * Waits until the child itself has exited.
     *
     * @return its exit value, or 128 and the number of the signal that ended it
     * @throws InterruptedException if the calling thread is interrupted; the child goes on
     */
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    /**
     * Closes the descriptors that are still open. The process is left alone: it gets end-of-file, or EPIPE, or neither.
     */
    @Override
    public void close() throws IOException {
        for (@Nullable Descriptor descriptor : new @Nullable Descriptor[] {stdin, stdout, stderr}) {
            if (descriptor != null) {
                descriptor.close();
            }
        }
    }
}
