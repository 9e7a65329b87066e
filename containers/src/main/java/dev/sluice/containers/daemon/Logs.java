// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Descriptor;
import dev.sluice.containers.intake.Attachments;
import dev.sluice.containers.intake.Counters;
import dev.sluice.containers.intake.FrameIntake;
import dev.sluice.containers.intake.LineIntake;
import dev.sluice.containers.intake.RawIntake;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.ContainerLog;
import dev.sluice.containers.log.LogFolder;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.Output;
import java.io.IOException;

/** The logs in a folder, each read into by the intake that fits its source and its format. */
final class Logs implements Logging {
    private final LogFolder folder;
    private final Counters counters = new Counters();

    Logs(LogFolder folder) {
        this.folder = folder;
    }

    @Override
    public Log open(ContainerDescription container) throws IOException {
        ContainerLog log = ContainerLog.open(folder.container(container.id()), container.options());
        return new Open(log, new Counters(counters), new Attachments());
    }

    @Override
    public Counters counters() {
        return counters;
    }

    private record Open(ContainerLog log, Counters counters, Attachments attachments) implements Log {
        @Override
        public Run prepare(Source source) throws IOException {
            return switch (source.carries()) {
                case DOCKER_FRAMES -> new FrameIntake(source.descriptor(), log, attachments, counters)::run;
                case STDOUT -> bytes(source.descriptor(), Output.STDOUT);
                case STDERR -> bytes(source.descriptor(), Output.STDERR);
            };
        }

        private Run bytes(Descriptor descriptor, Output output) throws IOException {
            return log.options().format() == LogFormat.RAW
                    ? new RawIntake(descriptor, output, log, attachments, counters)::run
                    : new LineIntake(descriptor, output, log, attachments, counters)::run;
        }

        @Override
        public void close() throws IOException {
            log.close();
        }
    }
}
