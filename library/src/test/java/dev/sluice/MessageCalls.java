// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.SocketFlow.Family;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;

/** The program whose system calls {@link ShortReadTest} counts: small messages between sockets, one after another. */
final class MessageCalls {
    static final int MESSAGES = 50;

    private MessageCalls() {}

    /** @param arguments on which kind of thread, and by which kind of sockets */
    public static void main(String[] arguments) throws Exception {
        OnThread kind = OnThread.valueOf(arguments[0]);
        Connection[] from = Family.valueOf(arguments[1]).open();
        Connection[] to = Family.valueOf(arguments[1]).open();
        Running<CopyResult> copy = kind.call(Copy.from(from[1]).to(to[0])::run);
        pass(from[0], to[1], copy); // loads the classes
        SystemCalls.mark("messages-begin");
        for (int i = 0; i < MESSAGES; i++) {
            pass(from[0], to[1], copy);
        }
        SystemCalls.mark("messages-end");
        System.out.println(Numbers.of(from[1]) + " " + Numbers.of(to[0]));
        from[0].close();
        copy.get();
        System.exit(0); // with all else open
    }

    private static void pass(Connection from, Connection to, Running<?> copy) throws Exception {
        Bytes.write(from, "message");
        Bytes.read(to);
        copy.awaitWaiting();
    }
}
