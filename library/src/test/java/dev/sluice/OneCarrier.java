// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;

/**
 * A program that has one carrier thread and keeps it busy, while others want it whom a timer or a platform thread has
 * woken: says when each has had it many times.
 */
final class OneCarrier {
    private static final int TIMES = 20;

    private OneCarrier() {}

    /** @param arguments what keeps it busy: a copy, or a talk with a thread of that kind */
    public static void main(String[] arguments) throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        if (arguments[0].equals("copy")) {
            OnThread.VIRTUAL.run(() -> copy(busy));
        } else {
            talk(OnThread.valueOf(arguments[0]), busy);
        }
        busy.await();
        Running<Boolean> sleeper = OnThread.VIRTUAL.run(() -> {
            for (int i = 0; i < TIMES; i++) {
                Thread.sleep(1); // not to let time pass: a timer must wake it
            }
        });
        SynchronousQueue<Integer> given = new SynchronousQueue<>();
        Running<Boolean> taker = OnThread.VIRTUAL.run(() -> {
            for (int i = 0; i < TIMES; i++) {
                given.take();
            }
        });
        for (int i = 0; i < TIMES; i++) {
            given.put(i);
        }
        taker.get();
        sleeper.get();
        System.out.println("others ran");
        System.exit(0);
    }

    /** Never waits for either end. */
    private static void copy(CountDownLatch busy) throws Exception {
        try (Descriptor zeros = Descriptor.open(Path.of("/dev/zero"), StandardOpenOption.READ);
                Descriptor nowhere = Descriptor.open(Path.of("/dev/null"), StandardOpenOption.WRITE)) {
            busy.countDown();
            Copy.from(zeros).to(nowhere).run();
        }
    }

    private static void talk(OnThread kind, CountDownLatch busy) throws Exception {
        Pipe there = Pipe.open();
        Pipe back = Pipe.open();
        kind.run(() -> {
            for (;;) {
                Bytes.write(back.sink(), Bytes.read(there.source()));
            }
        });
        OnThread.VIRTUAL.run(() -> {
            for (int i = 0; ; i++) {
                Bytes.write(there.sink(), "x");
                Bytes.read(back.source());
                if (i == 1000) {
                    busy.countDown();
                }
            }
        });
    }
}
