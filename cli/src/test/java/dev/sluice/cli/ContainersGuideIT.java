// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.BusyboxImage;
import dev.sluice.testing.Containerd;
import dev.sluice.testing.Dockerd;
import dev.sluice.testing.NeedsTool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every block of commands in docs/containers.md works, one after the other, as a reader types them. */
@NeedsTool("curl")
class ContainersGuideIT {
    private static final Path GUIDE =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("../docs/containers.md");
    private static final Pattern BLOCK = Pattern.compile("^```sh\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    /** Stops at the first command that fails, and leaves no daemon behind. */
    private static final String BEGIN = """
            set -eu
            trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT
            docker() { command docker --host unix://%s/s "$@"; }
            ctr() { command ctr --address %s --namespace %s "$@"; }
            """;

    @TempDir
    private Path folder;

    @Test
    void itsCommandsWork() throws Exception {
        try (Dockerd docker = Dockerd.start();
                Containerd containerd = Containerd.start()) {
            String plugin = docker.folder().getFileName().toString();
            Path link = folder.resolve("sluice-containerd-logger");
            Files.createSymbolicLink(link, Sluice.launcher());
            String script = BEGIN.formatted(docker.folder(), containerd.socket(), containerd.namespace())
                    + here(plugin, link).entrySet().stream().reduce(
                            commands(), (text, each) -> replaced(text, each.getKey(), each.getValue()), (a, b) -> b);

            Sluice.Result result = Sluice.shell(folder, script);

            assertThat(result.exit()).as(result.err() + script).isZero();
            assertThat(result.out()).contains("hello\nbye\n", "alone\n", "\nsluice_log_lines_total ", "ok\n");
            assertThat(result.err()).contains("trouble\n");
        }
    }

    private static String commands() throws IOException {
        List<String> blocks = BLOCK.matcher(Files.readString(GUIDE)).results().map(found -> found.group(1)).toList();
        assertThat(blocks).hasSizeGreaterThan(6);
        return blocks.stream().collect(Collectors.joining("\n"));
    }

    /** What is elsewhere, or called otherwise, while tests run beside each other on somebody's machine. */
    private Map<String, String> here(String plugin, Path link) throws IOException {
        Map<String, String> here = new LinkedHashMap<>();
        here.put("mkdir -p /opt && cp -a . /opt/sluice\n", "");
        here.put("/opt/sluice/sluice-containerd-logger", link.toString());
        here.put("/opt/sluice/sluice logs ", "/opt/sluice/sluice logs --dir /var/lib/sluice/logs ");
        here.put("/opt/sluice/sluice", Sluice.launcher().toString());
        here.put("docker-log-driver ", "docker-log-driver --socket " + Dockerd.PLUGINS + "/" + plugin + ".sock ");
        here.put("--log-driver sluice", "--network none --log-driver " + plugin);
        here.put("docker.io/library/busybox:latest", BusyboxImage.NAME);
        here.put(" busybox sh", " " + Dockerd.IMAGE + " sh");
        here.put("/var/lib/sluice", folder.resolve("lib").toString());
        here.put("/run/sluice", folder.resolve("run").toString());
        here.put("127.0.0.1:9323", "127.0.0.1:" + freePort());
        return here;
    }

    private static String replaced(String text, String what, String by) {
        assertThat(text).contains(what);
        return text.replace(what, by);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
