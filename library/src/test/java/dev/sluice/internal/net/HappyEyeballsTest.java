// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The race between the addresses of a host, with attempts whose outcome the test decides. */
@ExtendWith(NothingLeft.class)
class HappyEyeballsTest {
    private static final long HEAD_START = TimeUnit.MILLISECONDS.toNanos(250);

    private final List<InetAddress> addresses = List.of(
            InetAddress.ofLiteral("2001:db8::1"),
            InetAddress.ofLiteral("2001:db8::2"),
            InetAddress.ofLiteral("192.0.2.1"),
            InetAddress.ofLiteral("192.0.2.2"));

    private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();
    private final List<OpenDescriptor> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger interrupted = new AtomicInteger();

    /** Ends only when it is given up. */
    private OpenDescriptor never() throws IOException {
        try {
            new CountDownLatch(1).await();
            throw new AssertionError();
        } catch (InterruptedException givenUp) {
            interrupted.incrementAndGet();
            throw new InterruptedIOException();
        }
    }

    private OpenDescriptor connected() throws IOException {
        OpenDescriptor[] pair = Sockets.pair(Kind.STREAM_SOCKET, Constants.SOCK_STREAM);
        pair[1].close();
        sockets.add(pair[0]);
        return pair[0];
    }

    private OpenDescriptor race(long until, HappyEyeballs.Attempt attempt) throws IOException {
        return HappyEyeballs.connect("example.test", HappyEyeballs.inTurn(addresses, 80), until, address -> {
            begun.add(address.getAddress().getHostAddress());
            return attempt.connect(address);
        });
    }

    private static boolean is(InetSocketAddress address, String text) {
        return address.getAddress().equals(InetAddress.ofLiteral(text));
    }

    @Test
    void theFamiliesTakeTurns() {
        assertThat(HappyEyeballs.inTurn(addresses, 80))
                .extracting(InetSocketAddress::getAddress)
                .containsExactly(addresses.get(0), addresses.get(2), addresses.get(1), addresses.get(3));
        assertThat(HappyEyeballs.inTurn(List.of(addresses.get(2), addresses.get(3), addresses.get(0)), 80))
                .extracting(InetSocketAddress::getAddress)
                .containsExactly(addresses.get(2), addresses.get(0), addresses.get(3));
    }

    @ParameterizedTest
    @EnumSource
    void theFirstThatAnswersInTimeIsAlone(OnThread kind) throws Exception {
        OpenDescriptor won = kind.call(() -> race(Deadline.NONE, address -> connected())).get();
        assertThat(begun).containsExactly("2001:db8:0:0:0:0:0:1");
        won.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneThatIsSlowHasAHeadStartAndIsGivenUpWhenAnotherWins(OnThread kind) throws Exception {
        long start = System.nanoTime();
        OpenDescriptor won = kind.call(() ->
                        race(Deadline.NONE, address -> is(address, "2001:db8::1") ? never() : connected()))
                .get();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(HEAD_START);
        assertThat(begun).containsExactly("2001:db8:0:0:0:0:0:1", "192.0.2.1");
        assertThat(won).isSameAs(sockets.getFirst());
        await().untilAsserted(() -> assertThat(interrupted).hasValue(1));
        won.close();
    }

    @ParameterizedTest
    @EnumSource
    void aFailureBeginsTheNextAtOnce(OnThread kind) throws Exception {
        long start = System.nanoTime();
        OpenDescriptor won = kind.call(() -> race(Deadline.NONE, address -> {
                    if (is(address, "192.0.2.2")) {
                        return connected();
                    }
                    throw new ConnectException("no " + address);
                }))
                .get();
        assertThat(System.nanoTime() - start).as("three failures, and no head start").isLessThan(3 * HEAD_START);
        assertThat(begun).hasSize(4);
        won.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneThatConnectsTooLateIsClosed(OnThread kind) throws Exception {
        CountDownLatch secondHasWon = new CountDownLatch(1);
        OpenDescriptor won = kind.call(() -> race(Deadline.NONE, address -> {
                    if (!is(address, "2001:db8::1")) {
                        return connected();
                    }
                    for (;;) { // one that cannot be interrupted
                        try {
                            secondHasWon.await();
                            return connected();
                        } catch (InterruptedException goesOn) {
                            interrupted.incrementAndGet();
                        }
                    }
                }))
                .get();
        secondHasWon.countDown();
        await().untilAsserted(() -> assertThat(sockets).hasSize(2));
        await().untilAsserted(() -> assertThat(sockets.get(1).isClosed()).isTrue());
        assertThat(won.isClosed()).isFalse();
        won.close();
    }

    @ParameterizedTest
    @EnumSource
    void ifAllFailTheFirstIsToldAndTheOthersWithIt(OnThread kind) {
        AtomicInteger count = new AtomicInteger();
        Throwable failure = kind.call(() -> race(Deadline.NONE, address -> {
                    throw new ConnectException("failure " + count.incrementAndGet());
                }))
                .failure();
        assertThat(failure).isInstanceOf(ConnectException.class).hasMessage("failure 1");
        assertThat(failure.getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("failure 2", "failure 3", "failure 4");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsAll(OnThread kind) throws Exception {
        Running<OpenDescriptor> running = kind.call(() -> race(Deadline.NONE, address -> never()));
        assertThat(begun.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(begun.poll(10, TimeUnit.SECONDS)).isNotNull();
        running.interrupt();
        assertThat(running.failure())
                .isInstanceOf(InterruptedIOException.class)
                .hasMessage("connect tcp example.test: interrupted");
        await().untilAsserted(() -> assertThat(interrupted.get()).isGreaterThanOrEqualTo(2));
    }

    @ParameterizedTest
    @EnumSource
    void aDeadlineEndsAll(OnThread kind) {
        long until = Deadline.after(Duration.ofMillis(30).toNanos());
        assertThat(kind.call(() -> race(until, address -> never())).failure())
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("connect tcp example.test: the deadline has passed");
        assertThat(begun).as("sooner than the second begins").hasSize(1);
        await().untilAsserted(() -> assertThat(interrupted).hasValue(1));
    }

    @Test
    void whatIsWrongWithTheAttemptItselfIsThrown() {
        assertThatThrownBy(() -> race(Deadline.NONE, address -> {
                    throw new IllegalStateException("a bug");
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLiteralNeedsNoLookUp() throws Exception {
        assertThat(Resolver.resolve("192.0.2.7", Deadline.NONE)).containsExactly(InetAddress.ofLiteral("192.0.2.7"));
        assertThat(Resolver.resolve("::1", Deadline.NONE)).containsExactly(InetAddress.ofLiteral("::1"));
        assertThatThrownBy(() -> Resolver.resolve("no such host.invalid", Deadline.NONE))
                .isInstanceOf(java.net.UnknownHostException.class)
                .hasMessage("resolve no such host.invalid: no such host is known");
    }
}
