// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.NeedsTool;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real programs at the ends: one that compresses, one that sums up, one that is stopped, and one that is killed. */
@ExtendWith(NothingLeft.class)
class FanOutProcessTest {
    private static final int ROUNDS = 100;
    private static final int PIECE = 200_000;

    @ParameterizedTest
    @EnumSource
    @NeedsTool({"gzip", "sha256sum", "kill"})
    void whatBecomesOfOneIsNothingToTheOthers(OnThread kind, @TempDir Path folder) throws Exception {
        Path zipped = folder.resolve("zipped");
        Path stops = folder.resolve("stops");
        byte[] piece = new byte[PIECE];
        new Random(5).nextBytes(piece);
        List<Child> children = new ArrayList<>();
        try (Pipe source = Pipe.open();
                Child gzip = start(children, zipped, "gzip", "-1");
                Child sum = start(children, null, "sha256sum");
                Child stopped = start(children, stops, "cat");
                Child killed = start(children, folder.resolve("killed"), "cat")) {
            signal("STOP", stopped);
            FanOut fanOut = FanOut.from(source.source());
            List<FanOut.Destination> all = List.of(
                    fanOut.add(gzip.stdin(), SlowPolicy.block()),
                    fanOut.add(sum.stdin(), SlowPolicy.block()),
                    fanOut.add(stopped.stdin(), SlowPolicy.skip(1 << 20)),
                    fanOut.add(killed.stdin(), SlowPolicy.block()));
            Running<FanOutResult> run = kind.call(fanOut::run);
            for (int i = 0; i < ROUNDS; i++) {
                if (i == ROUNDS / 2) {
                    await().until(() -> all.get(3).bytes() > 0);
                    signal("KILL", killed);
                }
                source.sink().write(ByteBuffer.wrap(piece));
            }
            source.sink().close();
            await().until(() -> all.get(2).skipped() > 0 && fanOut.transferred() == (long) ROUNDS * PIECE);
            signal("CONT", stopped);
            FanOutResult result = run.get();
            for (Child child : children) {
                child.stdin().close();
            }
            String said = new String(Bytes.readAll(sum.stdout()), US_ASCII);
            for (Child child : children) {
                child.waitFor();
            }

            assertThat(result.end()).isEqualTo(FanOutResult.End.END_OF_SOURCE);
            assertThat(result.spliced()).as("%s", result).isGreaterThan(result.bytes() / 2);
            assertThat(said).startsWith(sum(piece));
            try (GZIPInputStream unzipped = new GZIPInputStream(Files.newInputStream(zipped))) {
                for (int i = 0; i < ROUNDS; i++) {
                    assertThat(unzipped.readNBytes(PIECE)).isEqualTo(piece);
                }
                assertThat(unzipped.read()).isEqualTo(-1);
            }
            assertThat(Files.size(stops)).isEqualTo(all.get(2).bytes());
            assertThat(all.subList(0, 3))
                    .allSatisfy(one -> assertThat(one.bytes() + one.skipped()).isEqualTo(result.bytes()));
            assertThat(all.stream().map(FanOut.Destination::end))
                    .containsExactly(
                            DestinationEnd.END_OF_SOURCE,
                            DestinationEnd.END_OF_SOURCE,
                            DestinationEnd.END_OF_SOURCE,
                            DestinationEnd.GONE);
            assertThat(all.get(3).bytes()).isLessThan(result.bytes());
        }
    }

    private static Child start(List<Child> children, @Nullable Path output, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        if (output != null) {
            builder.redirectOutput(output.toFile());
        }
        Child child = Child.start(builder);
        children.add(child);
        return child;
    }

    private static void signal(String name, Child to) throws Exception {
        String pid = String.valueOf(to.process().pid());
        assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
    }

    private static String sum(byte[] piece) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < ROUNDS; i++) {
            digest.update(piece);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
