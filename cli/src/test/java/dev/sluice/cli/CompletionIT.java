// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice completion}, in the shell that it is for. */
class CompletionIT {
    @TempDir
    private Path folder;

    @Test
    void bashCompletesCommandsOptionsAndTheirValues() throws Exception {
        Sluice.Result result = Sluice.shell(folder, """
                source <("$S" completion)
                compopt() { :; }
                complete -p sluice
                for words in 'doct' 'copy --st' 'copy --stats j' 'doctor --j'; do
                    COMP_WORDS=(sluice $words); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
                    COMP_LINE="sluice $words"; COMP_POINT=${#COMP_LINE}
                    _complete_sluice; echo ${COMPREPLY[@]}
                done""");
        assertThat(result.succeeded().out().lines())
                .containsExactly(
                        "complete -o default -F _complete_sluice sluice", "doctor", "--stats", "json", "--json");
    }

    @Test
    void zshGetsTheSameAndOthersNone() throws Exception {
        assertThat(Sluice.run("completion", "zsh").succeeded().out())
                .isEqualTo(Sluice.run("completion", "bash").out())
                .contains("bashcompinit");
        Sluice.run("completion", "fish")
                .failed(2, "completion is for bash or zsh, not for fish (see sluice completion --help)");
    }
}
