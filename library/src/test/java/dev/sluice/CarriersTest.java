// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.internal.poll.Poller;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Few carriers are enough, and busy ones hold up nobody who does not need them. */
@ExtendWith(NothingLeft.class)
class CarriersTest {
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

    /** As many virtual threads as carriers that compute and never let go. */
    private static List<Running<Boolean>> occupyAllCarriers(AtomicBoolean until) {
        List<Running<Boolean>> busy = new ArrayList<>();
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            busy.add(OnThread.VIRTUAL.run(() -> {
                while (!until.get()) {
                    Thread.onSpinWait();
                }
            }));
        }
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
            List<Running<Boolean>> busy = occupyAllCarriers(done);
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

    /** Whether the carriers are taken from the poller while it polls, and not just after it has parked, is chance. */
    @Test
    void theMasterPollsWhereAPollerDoesNotGetToRun() throws Exception {
        long before = Poller.rescues();
        for (int i = 0; i < 100 && Poller.rescues() == before; i++) {
            takeTheCarriersFromAGameOfPingPong();
        }
        assertThat(Poller.rescues()).isGreaterThan(before);
    }

    private static void takeTheCarriersFromAGameOfPingPong() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicBoolean done = new AtomicBoolean();
        try (Pipe ping = Pipe.open();
                Pipe pong = Pipe.open()) {
            Running<Boolean> one = OnThread.VIRTUAL.run(() -> {
                while (!over.get()) {
                    Bytes.write(ping.sink(), "x");
                    Bytes.read(pong.source());
                }
                ping.sink().close();
            });
            Running<Boolean> other = OnThread.VIRTUAL.run(() -> {
                while (Bytes.read(ping.source()).equals("x")) {
                    Bytes.write(pong.sink(), "x");
                }
            });
            List<Running<Boolean>> busy = occupyAllCarriers(done);
            try (Pipe clock = Pipe.open()) {
                clock.source().setReadDeadline(Duration.ofMillis(60));
                assertThatThrownBy(() -> Bytes.read(clock.source())).isInstanceOf(SocketTimeoutException.class);
            }
            over.set(true);
            done.set(true);
            one.get();
            other.get();
            for (Running<Boolean> thread : busy) {
                thread.get();
            }
        }
    }

    @Test
    void slotsThatChangeHandsGetNobodyElsesEvents() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        List<Running<Integer>> chatting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            chatting.add(OnThread.VIRTUAL.call(() -> chat(done)));
        }
        List<Pipe> quiet = new ArrayList<>();
        List<Running<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Pipe pipe = Pipe.open();
            quiet.add(pipe);
            waiting.add(OnThread.VIRTUAL.call(() -> Bytes.read(pipe.source())));
        }
        int registered = 0;
        for (int i = 0; i < 10_000; i++) { // two descriptors each
            Pipe pipe = Pipe.open();
            Running<String> reading = OnThread.VIRTUAL.call(() -> Bytes.read(pipe.source()));
            registered = Math.max(registered, Poller.registered());
            Bytes.write(pipe.sink(), "x");
            assertThat(reading.get()).isEqualTo("x");
            pipe.close();
        }
        assertThat(waiting).noneMatch(Running::isDone);
        done.set(true);
        for (Running<Integer> one : chatting) {
            assertThat(one.get()).isPositive();
        }
        for (int i = 0; i < quiet.size(); i++) {
            Bytes.write(quiet.get(i).sink(), "mine " + i);
            assertThat(waiting.get(i).get()).isEqualTo("mine " + i);
            quiet.get(i).close();
        }
        assertThat(registered).as("slots go round").isLessThan(200);
    }

    /** Opens, waits and closes as fast as it can. */
    private static int chat(AtomicBoolean done) throws Exception {
        int rounds = 0;
        while (!done.get()) {
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
