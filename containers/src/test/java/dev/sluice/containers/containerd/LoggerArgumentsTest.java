// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.containers.log.LogFolder;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoggerArgumentsTest {
    private static final LoggerArguments ALL = new LoggerArguments(
            Path.of("/logs"),
            Path.of("/run/s"),
            "web",
            new LogOptions(LogFormat.CRI, 10 << 20, 5, true, Map.of()));

    @Test
    void nothingSaidIsTheUsual() {
        assertThat(LoggerArguments.parse(List.of()))
                .isEqualTo(new LoggerArguments(
                        LogFolder.DEFAULT, null, null, LogOptions.of(LogFormat.JSON_FILE)));
    }

    @Test
    void pairsComeInAnyOrder() {
        List<List<String>> pairs = List.of(
                List.of("dir", "/logs"),
                List.of("daemon", "/run/s"),
                List.of("name", "web"),
                List.of("format", "cri"),
                List.of("max-size", "10m"),
                List.of("max-file", "5"),
                List.of("compress", "true"));
        List<List<String>> orders = new ArrayList<>();
        permute(new ArrayList<>(), pairs, orders);

        assertThat(orders).hasSize(7 * 6 * 5 * 4 * 3 * 2);
        for (List<String> order : orders) {
            assertThat(LoggerArguments.parse(order)).isEqualTo(ALL);
            assertThat(LoggerArguments.folderOf(order)).isEqualTo(Path.of("/logs"));
        }
    }

    private static void permute(List<String> begun, List<List<String>> left, List<List<String>> orders) {
        if (left.isEmpty()) {
            orders.add(begun);
        }
        for (List<String> next : left) {
            List<String> more = new ArrayList<>(begun);
            more.addAll(next);
            permute(more, left.stream().filter(pair -> !pair.equals(next)).toList(), orders);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            max-files 5         | there is no option 'max-files': it may be dir, daemon, name, format, max-size, max-file
            format json         | there is no log format 'json': json-file, cri, raw
            max-size 10q        | max-size: '10q' is no size, as in 4096, 10m or 10mb
            max-size 0          | max-size: '0' is no size
            max-file 0          | max-file: '0' is no number from 1 on
            max-file many       | max-file: 'many' is no number from 1 on
            compress true       | compress needs a max-size, and a max-file of 2 or more
            compress yes        | compress: 'yes' is neither true nor false
            dir logs            | dir: 'logs' does not begin with /
            daemon sluice.sock  | daemon: 'sluice.sock' does not begin with /
            format raw dir      | 'dir' has no value
            dir /a dir /b       | 'dir' is given twice
            """)
    void whatMakesNoSenseIsSaidInOneLine(String arguments, String message) {
        assertThatThrownBy(() -> LoggerArguments.parse(List.of(arguments.split(" "))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void anEmptyValueIsAValue() {
        assertThatThrownBy(() -> LoggerArguments.parse(List.of("max-size", "")))
                .hasMessageStartingWith("max-size: '' is no size");
    }

    @Test
    void theFolderIsFoundWhateverElseIsWrong() {
        assertThat(LoggerArguments.folderOf(List.of("no-such", "x", "dir", "/logs", "odd")))
                .isEqualTo(Path.of("/logs"));
        assertThat(LoggerArguments.folderOf(List.of("dir", "logs"))).isNull();
    }
}
