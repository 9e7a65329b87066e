// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * An image with a shell in it, made from this machine's static busybox: what {@code docker load} and
 * {@code ctr image import} take, without any registry.
 */
public final class BusyboxImage {
    /** What the image is called, in full, as containerd wants it. */
    public static final String NAME = "docker.io/library/sluice-test:1";

    private static final List<String> PROGRAMS = List.of(
            "awk", "cat", "dd", "echo", "env", "false", "head", "kill", "ls", "od", "printf", "seq", "sh", "sleep",
            "tail", "tr", "true", "wc", "yes");

    private BusyboxImage() {}

    /**
     * Writes the image as a docker-archive.
     *
     * @param file where to
     * @throws IOException if it cannot be written
     */
    public static void save(Path file) throws IOException {
        Path busybox = Tools.find("busybox").orElseThrow(() -> new IOException("no busybox"));
        Tar root = new Tar().folder("bin").folder("tmp").file("bin/busybox", 0755, Files.readAllBytes(busybox));
        PROGRAMS.forEach(program -> root.link("bin/" + program, "busybox"));
        byte[] layer = root.bytes();
        Files.write(
                file,
                new Tar()
                        .file("manifest.json", 0644, manifest().getBytes(UTF_8))
                        .file("config.json", 0644, config(layer).getBytes(UTF_8))
                        .file("layer.tar", 0644, layer)
                        .bytes());
    }

    private static String manifest() {
        return """
                [{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]""".formatted(NAME);
    }

    private static String config(byte[] layer) {
        return """
                {"architecture":"%s","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["/bin/sh"]},\
                "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}"""
                .formatted(architecture(), sha256(layer));
    }

    private static String architecture() {
        return "aarch64".equals(System.getProperty("os.arch")) ? "arm64" : "amd64";
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
