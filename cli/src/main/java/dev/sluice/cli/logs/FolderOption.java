// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.logs;

import dev.sluice.cli.Fault;
import dev.sluice.cli.Options;
import dev.sluice.containers.log.LogFolder;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --dir}, which may stand before the subcommand and behind it. */
final class FolderOption {
    private final @Nullable FolderOption before;
    private final OptionSpec option = Options.value("DIR", Path.class, Path::of, "--dir")
            .description("The log folder. Without it: " + LogFolder.DEFAULT + ".")
            .build();

    /** @param before that of the command above; null if there is none */
    FolderOption(@Nullable FolderOption before) {
        this.before = before;
    }

    void addTo(CommandSpec spec) {
        spec.addOption(option);
    }

    private Path path() {
        @Nullable Path given = option.getValue();
        if (given != null) {
            return given;
        }
        return before == null ? LogFolder.DEFAULT : before.path();
    }

    LogFolder open() throws IOException {
        Path path = path();
        try {
            return LogFolder.existing(path);
        } catch (NoSuchFileException missing) {
            throw new Fault("there is no log folder " + path);
        }
    }
}
