// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.logs;

import dev.sluice.Descriptor;
import dev.sluice.cli.ExitCode;
import dev.sluice.cli.Interruption;
import dev.sluice.cli.Report;
import dev.sluice.cli.UsageException;
import dev.sluice.containers.log.ContainerFolder;
import dev.sluice.containers.log.Entry;
import dev.sluice.containers.log.LogReader;
import dev.sluice.containers.log.Output;
import dev.sluice.containers.log.RawLog;
import dev.sluice.containers.log.Selection;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** {@code sluice logs cat} and {@code sluice logs tail}. */
final class ReadCommand implements Callable<Integer> {
    private static final int STANDARD_OUTPUT = 1;
    private static final int STANDARD_ERROR = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ReadOptions options;
    private final PrintStream err;
    /** Never closed, nor left to the garbage collector: what goes wrong is still to be said there. */
    private @Nullable Descriptor standardError;

    ReadCommand(ReadOptions options, PrintStream err) {
        this.options = options;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        ContainerFolder folder = Lookup.one(options.folder().open(), options.id());
        Selection selection = options.selection();
        boolean raw = LogReader.isRaw(folder);
        if (raw && options.timestamps()) {
            throw new UsageException(folder.id() + " is kept as raw, and so without times");
        }
        Descriptor stderr = standardError();
        try (Interruption interruption = new Interruption(PATIENCE);
                Descriptor stdout = Descriptor.adopt(STANDARD_OUTPUT);
                Gone gone = new Gone(stdout)) {
            try {
                if (raw && selection.equals(Selection.everything().withOutputs(selection.outputs()))) {
                    return copy(folder, selection, stdout, stderr);
                }
                return read(folder, selection, stdout, stderr, gone);
            } catch (IOException failed) {
                if (gone.isTold() || EntryPrinter.isGone(failed)) {
                    return ExitCode.DESTINATION_GONE;
                }
                if (interruption.came()) {
                    return ExitCode.INTERRUPTED; // the JVM says which signal it was
                }
                throw failed;
            }
        }
    }

    private Descriptor standardError() throws IOException {
        Descriptor open = standardError;
        if (open == null) {
            open = Descriptor.adopt(STANDARD_ERROR);
            standardError = open;
        }
        return open;
    }

    private static int copy(ContainerFolder folder, Selection selection, Descriptor stdout, Descriptor stderr)
            throws IOException {
        for (Output output : Output.values()) {
            boolean all = !selection.outputs().contains(output)
                    || RawLog.copy(folder, output, output == Output.STDOUT ? stdout : stderr);
            if (!all) {
                return ExitCode.DESTINATION_GONE;
            }
        }
        return ExitCode.OK;
    }

    private int read(ContainerFolder folder, Selection selection, Descriptor stdout, Descriptor stderr, Gone gone)
            throws IOException {
        EntryPrinter printer = new EntryPrinter(stdout, stderr, options.timestamps());
        try (LogReader reader = open(folder, selection)) {
            gone.closing(reader);
            long missed = 0;
            for (;;) {
                @Nullable Entry entry = reader.poll();
                if (entry == null) {
                    printer.flush(); // what came before is shown, however long it takes until more comes
                    entry = reader.next();
                }
                if (reader.missedFiles() > missed) {
                    printer.flush();
                    sayMissed(reader.missedFiles() - missed);
                    missed = reader.missedFiles();
                }
                if (entry == null) {
                    break;
                }
                printer.print(entry);
            }
            printer.flush();
            if (reader.damagedLines() > 0) {
                Report.line(err, folder.id() + ": passed over " + reader.damagedLines() + " damaged lines");
            }
        }
        return ExitCode.OK;
    }

    private static LogReader open(ContainerFolder folder, Selection selection) throws IOException {
        try {
            return LogReader.open(folder, selection);
        } catch (IllegalArgumentException notPossible) {
            throw new UsageException(String.valueOf(notPossible.getMessage()));
        }
    }

    private void sayMissed(long files) {
        Report.line(err, "here " + files + " files are missing: rotation deleted them before they were read");
    }
}
