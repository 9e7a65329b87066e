// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.logs;

import dev.sluice.Copy;
import dev.sluice.CopyResult;
import dev.sluice.Descriptor;
import dev.sluice.MessageSocket;
import dev.sluice.Pipe;
import dev.sluice.cli.ExitCode;
import dev.sluice.cli.Fault;
import dev.sluice.cli.Interruption;
import dev.sluice.cli.Options;
import dev.sluice.containers.daemon.ControlClient;
import dev.sluice.containers.daemon.ControlSocket;
import dev.sluice.containers.log.ContainerFolder;
import dev.sluice.containers.log.Output;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code sluice logs attach}: what a live container writes from now on, without touching its log. */
final class AttachCommand implements Callable<Integer> {
    private static final int STANDARD_OUTPUT = 1;
    private static final int STANDARD_ERROR = 2;
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final FolderOption folder;
    private final OptionSpec control = Options.value("SOCKET", Path.class, Path::of, "--control")
            .description("The daemon's control socket. Without it: " + ControlSocket.DEFAULT + ".")
            .build();
    private final OptionSpec stream;
    private final PositionalParamSpec id;

    /** Never closed, nor left to the garbage collector: what goes wrong is still to be said there. */
    private @Nullable Descriptor standardError;

    private AttachCommand(FolderOption before) {
        this.folder = new FolderOption(before);
        this.stream = ReadOptions.streamOption();
        this.id = ReadOptions.idParameter();
    }

    static CommandSpec spec(FolderOption before) {
        AttachCommand command = new AttachCommand(before);
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command);
        spec.usageMessage()
                .header("Show what a live container writes from now on.")
                .description("Asks the daemon for it: any number of readers may be attached, and none holds up the"
                        + " container or its log. One that is slow misses whole lines. Ends with the container.");
        command.folder.addTo(spec);
        Options.exitCodes(
                spec,
                "0", "the container has ended",
                "1", "failed",
                "2", "usage",
                "130", "interrupted by SIGINT",
                "141", "standard output went away",
                "143", "ended by SIGTERM");
        return spec.addOption(command.control)
                .addOption(command.stream)
                .addOption(Options.help())
                .addPositional(command.id);
    }

    @Override
    public Integer call() throws IOException {
        ContainerFolder container = Lookup.one(folder.open(), id.getValue());
        @Nullable Output only = stream.getValue();
        try (Interruption interruption = new Interruption(PATIENCE);
                Pipe out = Pipe.open();
                Pipe err = Pipe.open();
                Descriptor stdout = Descriptor.adopt(STANDARD_OUTPUT)) {
            Map<Output, Descriptor> ends = new EnumMap<>(Output.class);
            ends.put(Output.STDOUT, out.sink());
            ends.put(Output.STDERR, err.sink());
            if (only != null) {
                ends.keySet().retainAll(Set.of(only));
            }
            try (MessageSocket attached = attach(container.id(), ends)) {
                out.sink().close();
                err.sink().close();
                standardError = Descriptor.adopt(STANDARD_ERROR);
                return show(out.source(), stdout, err.source(), standardError);
            } catch (InterruptedIOException cut) {
                if (interruption.came()) {
                    return ExitCode.INTERRUPTED; // the JVM says which signal it was
                }
                throw cut;
            }
        }
    }

    private MessageSocket attach(String container, Map<Output, Descriptor> ends) throws IOException {
        Path socket = control.getValue() == null ? ControlSocket.DEFAULT : control.getValue();
        try {
            return ControlClient.attach(socket, container, ends, ANSWER);
        } catch (NoSuchFileException | ConnectException nobody) {
            throw new Fault("no daemon listens at " + socket);
        }
    }

    /** What it writes to standard error is shown beside, and is no reason to go on or to end. */
    private static int show(Descriptor out, Descriptor stdout, Descriptor err, Descriptor stderr) throws IOException {
        Thread beside = Thread.ofVirtual().start(() -> copyErrors(err, stderr));
        CopyResult result = Copy.from(out).to(stdout).run();
        if (result.end() == CopyResult.End.DESTINATION_GONE) {
            return ExitCode.DESTINATION_GONE;
        }
        if (result.end() == CopyResult.End.INTERRUPTED) {
            return ExitCode.INTERRUPTED;
        }
        try {
            beside.join();
        } catch (InterruptedException signal) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
        return ExitCode.OK;
    }

    private static void copyErrors(Descriptor err, Descriptor stderr) {
        try {
            Copy.from(err).to(stderr).run();
        } catch (IOException closed) {
            return; // there is no better place to say it
        }
    }
}
