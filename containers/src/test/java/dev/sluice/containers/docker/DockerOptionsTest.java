// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.JsonText;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users say with --log-opt. */
class DockerOptionsTest {
    private static final String ID = "0123456789abcdef".repeat(4);

    private static ContainerInfo info(Map<String, String> options) {
        return ContainerInfo.of(ContainerJson.parse(new JsonText()
                .add("Config", options)
                .add("ContainerID", ID)
                .add("ContainerName", "/web")
                .add("ContainerEntrypoint", "sh")
                .add("ContainerImageID", "sha256:" + ID)
                .add("ContainerImageName", "nginx:1")
                .add("ContainerCreated", "2026-02-03T04:05:06.789+01:00")
                .add("ContainerLabels", Map.of("role", "front", "role2", "x", "other", "y"))
                .add("DaemonName", "docker")
                .toString()
                .replaceFirst("}$", ",\"ContainerEnv\":[\"A=1\",\"AB=2=3\",\"PATH=/bin\",\"=odd\"],"
                        + "\"ContainerArgs\":[\"-c\",\"true\"]}")));
    }

    private static LogOptions options(String... namesAndValues) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            options.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return DockerOptions.of(info(options));
    }

    @Test
    void whatDockerdSaysOfTheContainer() {
        ContainerInfo info = info(Map.of());
        assertThat(info.name()).isEqualTo("web");
        assertThat(info.created()).isEqualTo(Instant.parse("2026-02-03T03:05:06.789Z"));
        assertThat(info.command()).isEqualTo("sh -c true");
    }

    @Test
    void whatGoLeavesNullIsEmpty() {
        ContainerInfo info = ContainerInfo.of(ContainerJson.parse("{\"Config\":null,\"ContainerID\":\"a\","
                + "\"ContainerEnv\":null,\"ContainerLabels\":null,\"ContainerArgs\":null}"));
        assertThat(info.config()).isEmpty();
        assertThat(info.environment()).isEmpty();
        assertThat(info.labels()).isEmpty();
        assertThat(DockerOptions.of(info)).isEqualTo(LogOptions.of(LogFormat.JSON_FILE));
    }

    @Test
    void allOptions() {
        LogOptions options = options(
                "format", "cri", "max-size", "10m", "max-file", "5", "compress", "true", "mode", "non-blocking");
        assertThat(options).isEqualTo(new LogOptions(LogFormat.CRI, 10 << 20, 5, true, Map.of()));
    }

    @Test
    void labelsAndVariablesByNameAndByExpression() {
        assertThat(options("labels", "role, none", "env", "A").attributes())
                .containsOnly(entry("role", "front"), entry("A", "1"));
        assertThat(options("labels-regex", "^role", "env-regex", "^A").attributes())
                .containsOnly(entry("role", "front"), entry("role2", "x"), entry("A", "1"), entry("AB", "2=3"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{.ID}}                    | 0123456789ab",
                "x-{{ .Name }}-{{.Name}}$1  | x-web-web$1",
                "{{.ImageName}}             | nginx:1",
                "{{.ImageID}}               | sha256:01234",
                "{{.DaemonName}}/{{.Command}} | docker/sh -c true",
                "plain }} text              | plain }} text",
            })
    void tags(String template, String tag) {
        assertThat(options("tag", template).attributes()).containsOnly(entry("tag", tag));
    }

    @Test
    void longTags() {
        assertThat(options("tag", "{{.FullID}} {{.ImageFullID}}").attributes())
                .containsOnly(entry("tag", ID + " sha256:" + ID));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "format     | xml         | there is no log format 'xml': json-file, cri, raw",
                "max-size   | many        | max-size: 'many' is no size",
                "max-size   | 0           | max-size: '0' is no size",
                "max-file   | 0           | max-file: '0' is no number from 1 on",
                "max-file   | 99999999999 | max-file: '99999999999' is no number from 1 on",
                "compress   | perhaps     | compress: 'perhaps' is neither true nor false",
                "compress   | true        | compress needs a max-size, and a max-file of 2 or more",
                "maxsize    | 10m         | unknown log opt 'maxsize': there are compress, env,",
                "env-regex  | (           | env-regex '(' is no regular expression: Unclosed group",
                "tag        | {{.Nmae}}   | tag has an unknown place {{.Nmae}}: there are .ID, .FullID, .Name,",
                "tag        | {{.Name     | tag '{{.Name' has a {{ without its }}",
            })
    void whatIsWrongIsToldInOneLine(String name, String value, String complaint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options(name, value))
                .withMessageContaining(complaint)
                .satisfies(wrong -> assertThat(wrong.getMessage()).doesNotContain("\n"));
    }
}
