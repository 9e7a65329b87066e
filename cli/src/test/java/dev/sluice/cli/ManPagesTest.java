// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NeedsTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages say what {@code --help} says, no more and no less, and render without a warning. */
class ManPagesTest {
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[a-zA-Z][a-z-]*");
    private static final Pattern NUMBER = Pattern.compile("\\.B (\\d+)");

    private static Path page(String name) {
        return Path.of(System.getProperty("basedir", "."), "../docs/man", name + ".1").normalize();
    }

    private static CommandLine command(String page) {
        CommandLine root = CommandTree.create(System.out, System.err);
        return page.equals("sluice")
                ? root
                : Objects.requireNonNull(root.getSubcommands().get(page.substring("sluice-".length())));
    }

    /** The commands that a page describes: those below one share its page, but for those below all. */
    private static List<CommandLine> withSubcommands(String page) {
        CommandLine command = command(page);
        List<CommandLine> all = new ArrayList<>(List.of(command));
        if (!page.equals("sluice")) {
            all.addAll(command.getSubcommands().values());
        }
        return all;
    }

    /** The tags of a section: what stands behind each .TP. */
    private static String tags(String page, String section) throws Exception {
        List<String> lines = Files.readAllLines(page(page));
        StringBuilder tags = new StringBuilder();
        boolean inside = false;
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(".SH ")) {
                inside = line.equals(".SH " + section);
            } else if (inside && lines.get(i - 1).equals(".TP")) {
                tags.append(line.replaceAll("\\\\f.", " ").replace("\\-", "-")).append('\n');
            }
        }
        return tags.toString();
    }

    private static Set<String> all(Pattern pattern, int group, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(group));
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sluice", "sluice-copy", "sluice-proxy", "sluice-docker-log-driver", "sluice-containerd-logger",
                "sluice-doctor", "sluice-logs"
            })
    void everyOption(String page) throws Exception {
        Set<String> names = new TreeSet<>();
        for (CommandLine command : withSubcommands(page)) {
            for (OptionSpec option : command.getCommandSpec().options()) {
                names.addAll(List.of(option.names()));
            }
        }
        assertThat(names).contains("--help");
        assertThat(all(OPTION, 0, tags(page, "OPTIONS"))).isEqualTo(names);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sluice-copy", "sluice-proxy", "sluice-docker-log-driver", "sluice-containerd-logger", "sluice-doctor",
                "sluice-logs"
            })
    void everyExitCode(String page) throws Exception {
        Set<String> codes = new TreeSet<>();
        for (CommandLine command : withSubcommands(page)) {
            codes.addAll(command.getCommandSpec().usageMessage().exitCodeList().keySet());
        }
        assertThat(codes).contains("1", "2");
        assertThat(all(NUMBER, 1, tags(page, "EXIT STATUS"))).isEqualTo(codes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:", "fifo:", "fd:", "tcp:", "tcp-listen:", "unix:", "unix-listen:", "exec:", "null:",
                "?append", "?new", "?mode=", "?keep", "?create=", "?many", "?many,replay="
            })
    void everyAddress(String word) throws Exception {
        assertThat(command("sluice-copy").getUsageMessage()).contains(word);
        assertThat(tags("sluice-copy", "ADDRESSES")).contains(word);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sluice", "sluice-copy", "sluice-proxy", "sluice-docker-log-driver", "sluice-containerd-logger",
                "sluice-doctor", "sluice-logs"
            })
    @NeedsTool("man")
    void itRendersWithoutAWarning(String page) throws Exception {
        Process man = new ProcessBuilder("man", "--warnings=all", "-E", "UTF-8", "-l", "-Tutf8", page(page).toString())
                .start();
        Sluice.Result result = Sluice.Result.of(man);
        assertThat(result.err()).isEmpty();
        assertThat(result.exit()).isZero();
        // Bold and underlined letters are struck over.
        assertThat(result.out().replaceAll(".\b", "")).contains("NAME", "SEE ALSO");
    }
}
