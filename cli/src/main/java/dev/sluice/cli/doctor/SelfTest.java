// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.doctor;

import dev.sluice.Copy;
import dev.sluice.CopyResult;
import dev.sluice.Descriptor;
import dev.sluice.cli.doctor.Finding.Health;
import dev.sluice.cli.doctor.TestEnds.Destination;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Copies through every path with the library: all bytes must arrive as they were, and in the kernel where that is the
 * way. Each is copied by a platform thread and by a virtual one, which wait in different ways.
 */
final class SelfTest {
    private static final String TOPIC = "self-test";
    private static final int AMOUNT = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final byte[] data = new byte[AMOUNT];
    private final TestEnds ends;
    private final List<Finding> findings = new ArrayList<>();

    private interface Source {
        Descriptor open() throws IOException;
    }

    private interface Sink {
        Destination open() throws IOException;
    }

    private SelfTest(Path folder) {
        new Random(AMOUNT).nextBytes(data);
        this.ends = new TestEnds(folder, data);
    }

    /**
     * Runs it.
     *
     * @param folder where files may be made
     * @param inTheKernel whether splice(2) and copy_file_range(2) work here, and so have to be used
     */
    static List<Finding> run(Path folder, boolean inTheKernel) throws InterruptedException {
        SelfTest test = new SelfTest(folder);
        TestEnds ends = test.ends;
        test.copies("pipe to pipe", ends::fromPipe, ends::toPipe, inTheKernel);
        test.copies("pipe to file", ends::fromPipe, ends::toFile, inTheKernel);
        test.copies("pipe to device", ends::fromPipe, ends::toDevice, inTheKernel);
        test.copies("file to pipe", ends::fromFile, ends::toPipe, false);
        test.copies("file to file", ends::fromFile, ends::toFile, inTheKernel);
        test.copies("FIFO to FIFO", ends::fromFifo, ends::toFifo, inTheKernel);
        TestSockets sockets = new TestSockets(folder, test.data);
        test.copies("TCP to TCP", sockets::fromTcp, sockets::toTcp, inTheKernel);
        if (TestSockets.hasIpv6()) {
            test.copies("TCP6 to TCP6", sockets::fromTcp6, sockets::toTcp6, inTheKernel);
        } else {
            test.findings.add(Finding.ok(TOPIC, "TCP6 to TCP6", "not tried: there is no IPv6 here"));
        }
        test.copies("Unix to Unix", sockets::fromUnix, sockets::toUnix, inTheKernel);
        test.copies("file to TCP", ends::fromFile, sockets::toTcp, inTheKernel);
        test.copies("TCP to file", sockets::fromTcp, ends::toFile, false);
        test.copies("child to child", ends::fromChild, ends::toChild, inTheKernel);
        return test.findings;
    }

    private void copies(String name, Source from, Sink to, boolean inTheKernel) throws InterruptedException {
        copies(name, Thread.ofPlatform(), from, to, inTheKernel);
        copies(name + ", virtual thread", Thread.ofVirtual(), from, to, inTheKernel);
    }

    private void copies(String name, Thread.Builder thread, Source from, Sink to, boolean inTheKernel)
            throws InterruptedException {
        FutureTask<Finding> copy = new FutureTask<>(() -> copy(name, from, to, inTheKernel));
        thread.start(copy);
        try {
            findings.add(copy.get());
        } catch (ExecutionException failed) {
            findings.add(new Finding(TOPIC, name, Health.BROKEN, String.valueOf(failed.getCause())));
        }
    }

    private Finding copy(String name, Source from, Sink to, boolean inTheKernel) throws Exception {
        CopyResult result;
        byte[] arrived;
        try (Descriptor source = from.open()) {
            Destination destination = to.open();
            try (Descriptor sink = destination.descriptor()) {
                result = Copy.from(source).to(sink).deadline(PATIENCE).run();
            }
            arrived = destination.arrived().call();
        }
        long percent = 100 * result.spliced() / Math.max(1, result.bytes());
        String detail = result.bytes() + " bytes, " + percent + " % spliced";
        if (result.end() != CopyResult.End.END_OF_SOURCE) {
            return new Finding(TOPIC, name, Health.BROKEN, detail + "; ended by " + result.end());
        }
        if (!Arrays.equals(arrived, data)) {
            return new Finding(TOPIC, name, Health.BROKEN, detail + "; they did not arrive as they were");
        }
        if (inTheKernel && result.spliced() <= result.bytes() / 2) {
            return new Finding(TOPIC, name, Health.BROKEN, detail + "; most should have been");
        }
        return Finding.ok(TOPIC, name, detail);
    }
}
