// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.net;

import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.Threads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks up names, on a few platform threads of its own: getaddrinfo(3) blocks its thread for as long as a name server
 * takes, and cannot be ended. Whoever waits for it can.
 */
final class Resolver {
    private static final int THREADS = 8;

    private Resolver() {}

    /**
     * The addresses of a host, in the order that the system prefers.
     *
     * @param host a name, or an address in digits, which needs no look-up
     * @throws UnknownHostException if there are none
     */
    static List<InetAddress> resolve(String host, long until) throws IOException {
        try {
            return List.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException name) {
            return lookUp(host, until);
        }
    }

    private static List<InetAddress> lookUp(String host, long until) throws IOException {
        FutureTask<InetAddress[]> task = new FutureTask<>(() -> InetAddress.getAllByName(host));
        Pool.EXECUTOR.execute(task);
        try {
            return List.of(
                    until == Deadline.NONE
                            ? task.get()
                            : task.get(Deadline.remaining(until), TimeUnit.NANOSECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("resolve " + host + ": interrupted");
        } catch (TimeoutException late) {
            throw new SocketTimeoutException("resolve " + host + ": the deadline has passed");
        } catch (ExecutionException failed) {
            UnknownHostException unknown = new UnknownHostException("resolve " + host + ": no such host is known");
            unknown.initCause(failed.getCause());
            throw unknown;
        } finally {
            boolean ignored = task.cancel(false); // one that nobody waits for any more need not begin
        }
    }

    private static final class Pool {
        static final ThreadPoolExecutor EXECUTOR = Threads.pool("sluice-resolver-", THREADS);

        private Pool() {}
    }
}
