// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The program whose system calls {@link SystemCallsTest} counts. */
final class QuietCalls {
    static final int ROUNDS = 500;
    static final int QUIET_MILLIS = 500;

    private QuietCalls() {}

    public static void main(String[] arguments) throws Exception {
        OnThread kind = OnThread.valueOf(arguments[0]);
        Pipe pipe = Pipe.open();
        Pipe back = Pipe.open();
        System.out.println(Numbers.of(pipe.source()) + " " + Numbers.of(pipe.sink()) + " " + Numbers.of(back.source()));
        SystemCalls.mark("warm-up"); // loads its classes
        kind.run(() -> writeAndRead(pipe)).get();

        Running<Boolean> ready = kind.run(() -> {
            SystemCalls.mark("ready-begin");
            writeAndRead(pipe);
            SystemCalls.mark("ready-end");
        });
        ready.get();

        play(kind, pipe, back);
        SystemCalls.mark("play-begin");
        play(kind, pipe, back);
        SystemCalls.mark("play-end");

        Running<String> reading = kind.call(() -> Bytes.read(pipe.source())).awaitWaiting();
        SystemCalls.mark("quiet-begin");
        Thread.sleep(QUIET_MILLIS);
        SystemCalls.mark("quiet-end");
        Bytes.write(pipe.sink(), "x");
        reading.get();
        pipe.close();
        back.close();
        SystemCalls.mark("closed"); // what the exit opens may have the same numbers
    }

    private static void writeAndRead(Pipe pipe) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int i = 0; i < ROUNDS; i++) {
            pipe.sink().write(one.clear());
            pipe.source().read(one.clear());
        }
    }

    private static void play(OnThread kind, Pipe there, Pipe back) throws Exception {
        Running<Boolean> echo = kind.run(() -> {
            ByteBuffer one = ByteBuffer.allocate(1);
            for (int i = 0; i < ROUNDS; i++) {
                there.source().read(one.clear());
                back.sink().write(one.flip());
            }
        });
        Running<Boolean> game = kind.run(() -> {
            ByteBuffer one = ByteBuffer.allocate(1);
            for (int i = 0; i < ROUNDS; i++) {
                there.sink().write(one.clear());
                back.source().read(one.clear());
            }
        });
        game.get();
        echo.get();
    }
}
