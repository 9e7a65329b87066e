// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import dev.sluice.Child;
import dev.sluice.Connection;
import dev.sluice.Descriptor;
import dev.sluice.FanOut;
import dev.sluice.Listener;
import dev.sluice.SlowPolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.FutureTask;

/**
 * The output of a job feeds a log file, a checksum, and a live tap: a socket to which viewers come and go. The log and
 * the checksum get every byte; a viewer gets the last lines first, and one that stalls misses lines, and is nobody's
 * concern.
 */
public final class LogTapChecksum {
    private static final int REPLAY = 1_000;

    private LogTapChecksum() {}

    public static void main(String... args) throws Exception {
        Path folder = Files.createTempDirectory("log-tap-checksum");
        Path log = folder.resolve("log");
        UnixDomainSocketAddress tap = UnixDomainSocketAddress.of(folder.resolve("tap"));
        String counts = "seq 100000; echo counted >&2; read word; echo $word";
        try (Child job = Child.start(new ProcessBuilder("sh", "-c", counts));
                Child checksum = Child.start(new ProcessBuilder("sha256sum"));
                Descriptor file = Descriptor.open(log, CREATE, APPEND);
                Listener viewers = Listener.open(tap)) {
            FanOut fanOut = FanOut.from(job.stdout(), REPLAY);
            fanOut.add(file, SlowPolicy.block());
            fanOut.add(checksum.stdin(), SlowPolicy.block());
            fanOut.onChange(changed -> {
                if (changed.end() != null && changed.descriptor() instanceof Connection viewer) {
                    hangUp(viewer);
                }
            });
            Thread.startVirtualThread(() -> welcome(viewers, fanOut));
            FutureTask<String> viewer = new FutureTask<>(() -> watch(tap, job));
            Thread.startVirtualThread(viewer);

            fanOut.run(); // to the end of the job's output

            checksum.stdin().close();
            String sum = new String(checksum.stdout().inputStream().readAllBytes(), StandardCharsets.US_ASCII);
            String sumOfLog = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(log)));
            IO.println("the log has " + Files.size(log) + " bytes of " + fanOut.transferred());
            IO.println("the checksum is that of the log: " + sum.startsWith(sumOfLog));
            IO.println("the viewer, who came late, saw " + viewer.get());
        } finally {
            Files.delete(log);
            Files.delete(folder);
        }
    }

    private static void welcome(Listener viewers, FanOut fanOut) {
        try {
            for (;;) {
                fanOut.add(viewers.accept(), SlowPolicy.skipLines(1 << 20), REPLAY);
            }
        } catch (ClosedChannelException over) {
            // The job is done.
        } catch (IOException failure) {
            System.err.println(failure);
        }
    }

    private static void hangUp(Connection viewer) {
        try {
            viewer.close();
        } catch (IOException failure) {
            System.err.println(failure);
        }
    }

    /** Comes when the job has counted to the end, and then lets it say its last word. */
    private static String watch(UnixDomainSocketAddress tap, Child job) throws IOException {
        job.stderr().inputStream().read(); // it has counted
        try (Connection connection = Connection.connect(tap);
                InputStreamReader text = new InputStreamReader(connection.inputStream(), StandardCharsets.US_ASCII);
                BufferedReader lines = new BufferedReader(text)) {
            String line = lines.readLine();
            while (!line.equals("100000")) {
                line = lines.readLine();
            }
            job.stdin().outputStream().write("goodbye\n".getBytes(StandardCharsets.US_ASCII));
            return line + ", and then " + lines.readLine() + "; " + (lines.readLine() == null ? "no more" : "more");
        }
    }
}
