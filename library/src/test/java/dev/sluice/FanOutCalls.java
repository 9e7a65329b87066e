// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The program whose system calls {@link FanOutCallsTest} counts: from one pipe to several, in chunks or in lines. */
final class FanOutCalls {
    static final int DESTINATIONS = 4;
    static final int CHUNKS = 50;
    static final int CHUNK = 50_000;
    static final int LINE = 100;

    private FanOutCalls() {}

    /** @param arguments on which kind of thread */
    public static void main(String[] arguments) throws Exception {
        OnThread kind = OnThread.valueOf(arguments[0]);
        play(kind, CHUNK, "warm-chunks"); // loads the classes
        play(kind, CHUNK, "chunks");
        play(kind, LINE, "lines");
    }

    /** Writes a chunk, and waits until all have it: so each is a round of its own. */
    private static void play(OnThread kind, int size, String name) throws Exception {
        List<Pipe> sinks = new ArrayList<>();
        try (Pipe source = Pipe.open()) {
            FanOut fanOut = FanOut.from(source.source()).keepPipeCapacity();
            for (int i = 0; i < DESTINATIONS; i++) {
                sinks.add(Pipe.open());
                fanOut.add(sinks.get(i).sink(), SlowPolicy.block());
            }
            Running<FanOutResult> run = kind.call(fanOut::run);
            round(source, sinks, CHUNK);
            round(source, sinks, size);
            SystemCalls.mark(name + "-begin");
            for (int i = 0; i < CHUNKS; i++) {
                round(source, sinks, size);
            }
            SystemCalls.mark(name + "-end");
            source.sink().close();
            FanOutResult result = run.get();
            if (name.equals("chunks")) {
                System.out.println(Numbers.of(source.source()) + " " + result.spliced() + " " + result.bytes());
            }
        } finally {
            for (Pipe sink : sinks) {
                sink.close();
            }
        }
    }

    private static void round(Pipe source, List<Pipe> sinks, int size) throws IOException {
        source.sink().write(ByteBuffer.allocate(size));
        for (Pipe sink : sinks) {
            ByteBuffer got = ByteBuffer.allocate(size);
            while (got.hasRemaining()) {
                sink.source().read(got);
            }
        }
    }
}
