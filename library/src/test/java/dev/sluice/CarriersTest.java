// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.internal.poll.Pollers;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Few carriers are enough, and busy ones hold up nobody who does not need them. */
@ExtendWith(NothingLeft.class)
class CarriersTest {
    private static final int CARRIERS = Integer.getInteger(
            "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());

    @Test
    void aThousandReadersHoldNoCarrier() throws Exception {
        List<Pipe> pipes = new ArrayList<>();
        List<Running<String>> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                Pipe pipe = Pipe.open();
                pipes.add(pipe);
                readers.add(OnThread.VIRTUAL.call(() -> Bytes.read(pipe.source())));
            }
            for (Running<String> reader : readers) {
                reader.awaitWaiting();
            }
            for (int i = 0; i < pipes.size(); i++) {
                Bytes.write(pipes.get(i).sink(), "word " + i);
            }
            for (int i = 0; i < pipes.size(); i++) {
                assertThat(readers.get(i).get()).isEqualTo("word " + i);
            }
        } finally {
            for (Pipe pipe : pipes) {
                pipe.close();
            }
        }
    }

    /** So many virtual threads that compute and never let go of their carriers, all at work when this returns. */
    private static List<Running<Boolean>> occupyCarriers(int count, AtomicBoolean until) throws Exception {
        List<Running<Boolean>> busy = new ArrayList<>();
        CountDownLatch started = new CountDownLatch(Math.min(count, CARRIERS));
        for (int i = 0; i < count; i++) {
            busy.add(OnThread.VIRTUAL.run(() -> {
                started.countDown();
                while (!until.get()) {
                    Thread.onSpinWait();
                }
            }));
        }
        started.await();
        return busy;
    }

    @Test
    void busyCarriersDelayNoPlatformThread() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (Pipe there = Pipe.open();
                Pipe back = Pipe.open()) {
            Running<Boolean> echo = OnThread.PLATFORM.run(() -> {
                for (String word = Bytes.read(there.source()); !word.equals("EOF"); word = Bytes.read(there.source())) {
                    Bytes.write(back.sink(), word);
                }
            });
            List<Running<Boolean>> busy = occupyCarriers(2 * CARRIERS, done);
            try {
                long[] nanos = new long[100];
                for (int i = 0; i < nanos.length; i++) {
                    long start = System.nanoTime();
                    Bytes.write(there.sink(), "x");
                    assertThat(Bytes.read(back.source())).isEqualTo("x");
                    nanos[i] = System.nanoTime() - start;
                }
                Arrays.sort(nanos);
                // Two wake-ups each. The median: a busy machine may take its time with a few, the pollers' way would
                // take it with each.
                assertThat(nanos[nanos.length / 2]).isLessThan(40_000_000);
            } finally {
                done.set(true);
            }
            there.sink().close();
            echo.get();
            for (Running<Boolean> one : busy) {
                one.get();
            }
        }
    }

    /** What ends a wait of a platform thread: nothing of it may go by a virtual thread. */
    enum Ender {
        DATA,
        CLOSE,
        INTERRUPT,
        DEADLINE,
        HANGUP;

        void end(Pipe pipe, Running<?> wait) throws Exception {
            switch (this) {
                case DATA -> Bytes.write(pipe.sink(), "x");
                case CLOSE -> pipe.source().close();
                case INTERRUPT -> wait.interrupt();
                case DEADLINE -> pipe.source().setReadDeadline(Duration.ZERO);
                case HANGUP -> pipe.sink().close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void busyCarriersDelayNoEndOfAWaitOfAPlatformThread(Ender ender) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        List<Running<Boolean>> busy = occupyCarriers(2 * CARRIERS, done);
        long[] nanos = new long[25];
        long[] bare = new long[25];
        try {
            for (int i = 0; i < nanos.length; i++) {
                try (Pipe pipe = Pipe.open()) {
                    Running<Long> wait = OnThread.PLATFORM
                            .call(() -> {
                                try {
                                    Bytes.read(pipe.source());
                                } catch (ClosedChannelException | InterruptedIOException over) {
                                    return System.nanoTime();
                                }
                                return System.nanoTime();
                            })
                            .awaitWaiting();
                    long start = System.nanoTime();
                    ender.end(pipe, wait);
                    nanos[i] = wait.get() - start;
                }
                // The same without Sluice: how long this machine takes to wake a thread.
                Running<Long> parked = OnThread.PLATFORM
                        .call(() -> {
                            LockSupport.park();
                            return System.nanoTime();
                        })
                        .awaitWaiting();
                long start = System.nanoTime();
                LockSupport.unpark(parked.thread());
                bare[i] = parked.get() - start;
            }
        } finally {
            done.set(true);
        }
        for (Running<Boolean> one : busy) {
            one.get();
        }
        Arrays.sort(nanos);
        Arrays.sort(bare);
        assertThat(nanos[nanos.length / 2] - bare[bare.length / 2]).isLessThan(20_000_000);
    }

    @Test
    void anAnswerThatIsNearIsFoundWithoutAWait() throws Exception {
        assumeThat(Runtime.getRuntime().availableProcessors()).isGreaterThan(1);
        try (Pipe ping = Pipe.open();
                Pipe pong = Pipe.open()) {
            // On a platform thread: the answer comes from another processor.
            Running<Boolean> echo = echo(OnThread.PLATFORM, ping, pong);
            long before = Pollers.foundBusily();
            Running<Boolean> game = OnThread.VIRTUAL.run(() -> {
                long giveUp = System.nanoTime() + 10_000_000_000L;
                while (Pollers.foundBusily() < before + 100 && System.nanoTime() < giveUp) {
                    Bytes.write(ping.sink(), "x");
                    Bytes.read(pong.source());
                }
                ping.sink().close();
            });
            game.get();
            echo.get();
            assertThat(Pollers.foundBusily()).isGreaterThanOrEqualTo(before + 100);
        }
    }

    @Test
    void theMasterPollsWhereAPollerDoesNotGetToRun() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        long before = Pollers.rescues();
        try (Pipe ping = Pipe.open();
                Pipe pong = Pipe.open();
                Pipe other = Pipe.open()) {
            Running<String> heard = OnThread.PLATFORM.call(() -> Bytes.read(other.source()));
            // All carriers but one compute; on that one, a game of ping-pong has made a virtual thread poll ...
            List<Running<Boolean>> busy = occupyCarriers(CARRIERS - 1, done);
            Running<Boolean> echo = echo(OnThread.VIRTUAL, ping, pong);
            Running<Boolean> hog = OnThread.VIRTUAL.run(() -> {
                for (int i = 0; i < 10_000; i++) {
                    Bytes.write(ping.sink(), "x");
                    Bytes.read(pong.source());
                }
                // ... when it too begins to compute.
                long giveUp = System.nanoTime() + 10_000_000_000L;
                while (Pollers.rescues() == before && System.nanoTime() < giveUp) {
                    Thread.onSpinWait();
                }
                Bytes.write(other.sink(), "rescued");
                ping.sink().close();
            });
            try {
                hog.get();
            } finally {
                done.set(true);
            }
            assertThat(heard.get()).isEqualTo("rescued");
            assertThat(Pollers.rescues()).isGreaterThan(before);
            echo.get();
            for (Running<Boolean> thread : busy) {
                thread.get();
            }
        }
    }

    private static Running<Boolean> echo(OnThread kind, Pipe ping, Pipe pong) {
        return kind.run(() -> {
            while (Bytes.read(ping.source()).equals("x")) {
                Bytes.write(pong.sink(), "x");
            }
        });
    }

    @Test
    void aPollerThatTakesTurnsIsNotRescued() throws Exception {
        try (Pipe ping = Pipe.open();
                Pipe pong = Pipe.open()) {
            Running<Boolean> echo = echo(OnThread.PLATFORM, ping, pong);
            long before = Pollers.rescues();
            long turns = Pollers.turns();
            Running<Boolean> game = OnThread.VIRTUAL.run(() -> {
                long end = System.nanoTime() + 1_000_000_000L; // the master looks a hundred times
                while (System.nanoTime() < end) {
                    Bytes.write(ping.sink(), "x");
                    Bytes.read(pong.source());
                }
                ping.sink().close();
            });
            game.get();
            echo.get();
            assertThat(Pollers.turns() - turns).isGreaterThan(20);
            assertThat(Pollers.rescues() - before).isLessThan(20);
        }
    }

    @Test
    void slotsThatChangeHandsGetNobodyElsesEvents() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        List<Pipe> quiet = new ArrayList<>();
        List<Running<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Pipe pipe = Pipe.open();
            quiet.add(pipe);
            waiting.add(OnThread.VIRTUAL.call(() -> Bytes.read(pipe.source())));
        }
        List<Running<Integer>> chatting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            chatting.add(OnThread.VIRTUAL.call(() -> chat(done, Integer.MAX_VALUE)));
        }
        // On a virtual thread too: the scheduler lets those that a platform thread wakes wait for all others.
        Running<Integer> opening = OnThread.VIRTUAL.call(() -> chat(done, 10_000)); // of two descriptors each
        int registered = 0;
        try {
            while (!opening.isDone()) {
                registered = Math.max(registered, Pollers.registered());
                Thread.onSpinWait();
            }
        } finally {
            done.set(true);
        }
        assertThat(opening.get()).isEqualTo(10_000);
        assertThat(registered).as("slots go round").isLessThan(200);
        assertThat(waiting).noneMatch(Running::isDone);
        for (Running<Integer> one : chatting) {
            assertThat(one.get()).isPositive();
        }
        for (int i = 0; i < quiet.size(); i++) {
            Bytes.write(quiet.get(i).sink(), "mine " + i);
            assertThat(waiting.get(i).get()).isEqualTo("mine " + i);
            quiet.get(i).close();
        }
    }

    /** Opens, waits and closes as fast as it can. */
    private static int chat(AtomicBoolean done, int most) throws Exception {
        int rounds = 0;
        while (!done.get() && rounds < most) {
            try (Pipe pipe = Pipe.open()) {
                Running<String> reading = OnThread.VIRTUAL.call(() -> Bytes.read(pipe.source()));
                Bytes.write(pipe.sink(), "y");
                assertThat(reading.get()).isEqualTo("y");
            }
            rounds++;
        }
        return rounds;
    }
}
