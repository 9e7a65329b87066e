// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jvm;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Copies between pipes that were inherited in blocking mode: opened anew where that is possible, and else shared with
 * the parent, whose flags are not to be touched.
 */
@ExtendWith(NothingLeft.class)
class CopyAdoptedTest {
    static Stream<Arguments> programs() {
        return Stream.of("own", "shared")
                .flatMap(how -> Stream.of(OnThread.values()).map(kind -> Arguments.of(how, kind)));
    }

    /** One carrier thread: if the copy blocked it, nobody else would run. */
    private static Child start(String how, OnThread kind, int bytes) throws IOException {
        List<String> java = Jvm.command(CopyAdopted.class, how, kind.name(), String.valueOf(bytes));
        java.add(1, "-Djdk.virtualThreadScheduler.parallelism=1");
        return Child.start(new ProcessBuilder(java));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void waitsForAFullDestinationWithoutBlockingACarrier(String how, OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(500_000, 13);
        try (Child child = start(how, kind, 60_000);
                BufferedReader errors = lines(child.stderr())) {
            Running<Boolean> feeder = OnThread.VIRTUAL.run(() -> {
                child.stdin().write(ByteBuffer.wrap(bytes));
                child.stdin().close();
            });
            assertThat(errors.readLine()).isEqualTo(mode(how) + ", and others run");
            assertThat(Arrays.mismatch(Bytes.readAll(child.stdout()), bytes)).isEqualTo(-1);
            assertThat(errors.readLine()).isEqualTo("END_OF_SOURCE");
            feeder.get();
            assertThat(child.waitFor()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void endsWithItsDestinationThoughTheSourceIsQuiet(String how, OnThread kind) throws Exception {
        try (Child child = start(how, kind, 1);
                BufferedReader errors = lines(child.stderr())) {
            Bytes.write(child.stdin(), "x");
            assertThat(Bytes.read(child.stdout())).isEqualTo("x");
            assertThat(errors.readLine()).isEqualTo(mode(how) + ", and others run");
            child.stdout().close();
            assertThat(errors.readLine()).isEqualTo("DESTINATION_GONE");
            assertThat(child.waitFor()).isZero();
        }
    }

    private static String mode(String how) {
        return how.equals("shared") ? "blocking" : "non-blocking";
    }

    private static BufferedReader lines(Descriptor from) {
        return new BufferedReader(new InputStreamReader(from.inputStream(), StandardCharsets.US_ASCII));
    }
}
