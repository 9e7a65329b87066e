// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.awaitility.Awaitility.await;

import dev.sluice.internal.copy.PipePool;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A program of its own, which is refused something by seccomp(2), and says how its fan-out went. */
final class FanOutRefused {
    private static final int DESTINATIONS = 3;
    private static final int EARLY = 2 << 20;

    private FanOutRefused() {}

    /** @param arguments on which kind of thread; what is refused, and with which errno */
    public static void main(String[] arguments) throws Exception {
        OnThread kind = OnThread.valueOf(arguments[0]);
        int errno = Integer.parseInt(arguments[2]);
        byte[] data = Bytes.noise(8 << 20, 1);
        List<Pipe> sinks = new ArrayList<>();
        try (Pipe source = Pipe.open()) {
            for (int i = 0; i < DESTINATIONS; i++) {
                sinks.add(Pipe.open());
            }
            FanOut fanOut = FanOut.from(source.source());
            FanOut.Destination first = fanOut.add(sinks.get(0).sink(), SlowPolicy.block());
            List<Running<byte[]>> readers = sinks.stream()
                    .map(sink -> OnThread.PLATFORM.call(() -> Bytes.readAll(sink.source())))
                    .toList();
            Running<FanOutResult> running = kind.call(fanOut::run);
            source.sink().write(ByteBuffer.wrap(data, 0, EARLY)); // by now pipes are large
            await().until(() -> first.bytes() == EARLY);
            refuse(arguments[1], errno);
            for (int i = 1; i < DESTINATIONS; i++) {
                fanOut.add(sinks.get(i).sink(), SlowPolicy.block());
            }
            source.sink().write(ByteBuffer.wrap(data, EARLY, data.length - EARLY));
            source.sink().close();
            FanOutResult result = running.get();
            boolean whole = result.bytes() == data.length;
            for (int i = 0; i < DESTINATIONS; i++) {
                sinks.get(i).sink().close();
                int from = i == 0 ? 0 : EARLY;
                whole &= Arrays.equals(readers.get(i).get(), Arrays.copyOfRange(data, from, data.length));
            }
            System.out.println(result.end() + " whole=" + whole + " spliced=" + (result.spliced() > EARLY)
                    + " refusals=" + Math.min(result.refusals(), 2) + " used=" + PipePool.usedNow());
        } finally {
            for (Pipe sink : sinks) {
                sink.close();
            }
        }
    }

    private static void refuse(String what, int errno) {
        switch (what) {
            case "splice" -> Seccomp.refuse(Seccomp.SPLICE, errno);
            case "tee" -> Seccomp.refuse(Seccomp.TEE, errno);
            case "pipe2" -> Seccomp.refuse(Seccomp.PIPE2, errno);
            case "growth" -> Seccomp.refuseToGrowPipes(errno);
            default -> throw new IllegalArgumentException(what);
        }
    }
}
