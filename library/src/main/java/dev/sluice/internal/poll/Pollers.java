// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.PollCalls;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** All the {@link Poller}s of the process, and their {@link Master}: made at the first wait, and there for good. */
public final class Pollers {
    /** One poller for so many carriers: fewer keep those who talk to each other on one carrier. */
    private static final int CARRIERS_EACH = 4;

    /** None until the first wait. Not made by the class's initialiser: one that fails can never be tried again. */
    private static volatile Poller[] pollers = {};

    private static volatile @Nullable Master master;

    private Pollers() {}

    /**
     * Makes sure that they are there.
     *
     * @throws java.nio.file.FileSystemException EMFILE and the like; to be tried again at the next wait
     */
    static void start() throws IOException {
        if (pollers.length == 0) {
            startOnce();
        }
    }

    private static synchronized void startOnce() throws IOException {
        if (pollers.length != 0) {
            return;
        }
        int carriers = Integer.getInteger(
                "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
        int[] epolls = createEpolls(1 + Math.max(1, carriers / CARRIERS_EACH));
        Master first = new Master(epolls[0]);
        Poller[] made = new Poller[epolls.length - 1];
        for (int i = 0; i < made.length; i++) {
            made[i] = new Poller(first, i, epolls[i + 1]);
        }
        first.start(made);
        for (Poller poller : made) {
            poller.start();
        }
        master = first;
        pollers = made;
    }

    private static int[] createEpolls(int count) throws IOException {
        int[] epolls = new int[count];
        CallState state = CallState.acquire();
        try {
            for (int i = 0; i < count; i++) {
                epolls[i] = PollCalls.createEpoll(state);
                if (epolls[i] < 0) {
                    for (int made = 0; made < i; made++) {
                        FileCalls.close(state, epolls[made]);
                    }
                    throw Failures.of("epoll_create1", "for a wait", -epolls[i]);
                }
            }
            return epolls;
        } finally {
            state.release();
        }
    }

    /**
     * The one for a descriptor, once they are started: the same one for neighbours, which often talk to each other.
     */
    static Poller of(int fd) {
        Poller[] all = pollers;
        return all[(fd >>> 6) % all.length];
    }

    /** See {@link Master#endLateWaits}. */
    static boolean endLateWaits(LateWaits.Watch watch) {
        @Nullable Master started = master;
        return started != null && started.endLateWaits(watch);
    }

    static void leaveLateWaits(LateWaits.Watch watch) {
        @Nullable Master started = master;
        if (started != null) {
            started.lateWaits().remove(watch);
        }
    }

    /** How many sides there are from which arrivals are held back, for tests. */
    public static int heldBack() {
        @Nullable Master started = master;
        return started == null ? 0 : started.lateWaits().count();
    }

    /** How many waits have been ended because they took too long for that, for tests. */
    public static long lateWaits() {
        @Nullable Master started = master;
        return started == null ? 0 : started.lateWaits().ended();
    }

    /** How often the master polled for a virtual thread that did not get to run, for tests. */
    public static long rescues() {
        return sum(Poller::rescues);
    }

    /** How often a look over and over has found an event, and spared the wait for it, for tests. */
    public static long foundBusily() {
        return sum(Poller::foundBusily);
    }

    /** How often one has let others run, for tests. */
    public static long turns() {
        return sum(Poller::turns);
    }

    /** How many descriptors are registered, for tests. */
    public static int registered() {
        return (int) sum(poller -> poller.slots().inUse());
    }

    private static long sum(ToLongFunction<Poller> count) {
        return Arrays.stream(pollers).mapToLong(count).sum();
    }
}
