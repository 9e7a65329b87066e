// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import static dev.sluice.containers.containerd.StandardStream.STDERR;
import static dev.sluice.containers.containerd.StandardStream.STDIN;
import static dev.sluice.containers.containerd.StandardStream.STDOUT;

import dev.sluice.Child;
import dev.sluice.Fifo;
import dev.sluice.containers.containerd.FifoSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * The FIFOs of a container's standard streams, as containerd has them. Opening one waits for nobody, closing them all
 * is a detach and no end to the container, and whoever comes next reads on.
 *
 * <p>A shell stands in for containerd and the container. As containerd's shim does, it holds both ends of each FIFO.
 */
public final class ContainerFifos {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private ContainerFifos() {}

    public static void main(String... args) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("container").resolve("web");
        try (FifoSet streams = FifoSet.create(folder, "web", Set.of(STDIN, STDOUT, STDERR));
                Child container = container(streams)) {
            attach(folder, "first");
            attach(folder, "second"); // after a detach, and the container has seen nothing of it
            Fifo output = streams.openOutput(STDOUT);
            container.process().destroy();
            IO.println("the container has ended, and so has its output: " + (output.inputStream().read() < 0));
            streams.remove();
        }
        Files.delete(folder.getParent());
    }

    /** What any program may do that knows where the FIFOs are. */
    private static void attach(Path folder, String name) throws IOException {
        try (FifoSet streams = FifoSet.existing(folder, "web");
                Fifo input = streams.connectInput(PATIENCE)) {
            input.outputStream().write(("hello, I am the " + name + "\n").getBytes(StandardCharsets.UTF_8));
            IO.println(line(streams.openOutput(STDOUT)) + "; " + line(streams.openOutput(STDERR)));
        }
    }

    private static String line(Fifo output) throws IOException {
        output.setReadDeadline(PATIENCE);
        return new BufferedReader(new InputStreamReader(output.inputStream(), StandardCharsets.UTF_8)).readLine();
    }

    private static Child container(FifoSet streams) throws IOException {
        return Child.start(new ProcessBuilder(
                "sh",
                "-c",
                "exec 0<>\"$1\" 1<>\"$2\" 2<>\"$3\"; while read -r line; do echo \"got: $line\"; echo read one >&2; done",
                "sh",
                streams.path(STDIN).toString(),
                streams.path(STDOUT).toString(),
                streams.path(STDERR).toString()));
    }
}
