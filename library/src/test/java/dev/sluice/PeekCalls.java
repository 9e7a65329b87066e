// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.testing.OnThread;
import java.nio.ByteBuffer;

/** The program whose system calls {@link PeekCallsTest} counts. */
final class PeekCalls {
    static final int ROUNDS = 500;

    private PeekCalls() {}

    public static void main(String[] arguments) throws Exception {
        OnThread kind = OnThread.valueOf(arguments[0]);
        Pipe pipe = Pipe.open();
        System.out.println(Numbers.of(pipe.source()));
        Bytes.write(pipe.sink(), "what is looked at");
        look(kind, pipe.source()); // loads its classes
        SystemCalls.mark("look-begin");
        look(kind, pipe.source());
        SystemCalls.mark("look-end");
        if (!Bytes.read(pipe.source()).equals("what is looked at")) {
            throw new AssertionError("taken");
        }
        pipe.close();
    }

    private static void look(OnThread kind, Descriptor source) throws Exception {
        kind.run(() -> {
                    ByteBuffer buffer = ByteBuffer.allocate(100);
                    for (int i = 0; i < ROUNDS; i++) {
                        source.peek(buffer.clear(), 10);
                    }
                })
                .get();
    }
}
