// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.poll.Pace;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.UnixDomainSocketAddress;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;

/** A program of its own that listens, and has no descriptor left when a client comes; later it has. */
final class ListenerFull {
    private ListenerFull() {}

    public static void main(String[] arguments) throws Exception {
        OnThread kind = OnThread.valueOf(arguments[1]);
        List<Descriptor> all = new ArrayList<>();
        try (Listener listener = Listener.open(UnixDomainSocketAddress.of(arguments[0]))) {
            Running<Connection> accepting = kind.call(listener::accept).awaitWaiting();
            load(accepting);
            fill(all);
            System.out.println("full");
            boolean quiet = least(accepting, 30) < 20_000_000;
            System.out.println("waits quietly: " + (quiet && !accepting.isDone()));
            for (Descriptor one : all) {
                one.close();
            }
            try (Connection accepted = accepting.get()) {
                Bytes.write(accepted, "hello");
            }
        }
    }

    /** All our classes that are needed, since their files could not be opened when there is no descriptor left. */
    private static void load(Running<?> waiting) throws IOException {
        long unused = least(waiting, 1);
        new Pace().close();
        try {
            Connection.adopt(9_999);
        } catch (FileSystemException notOpen) {
            System.out.println(notOpen.getMessage());
        }
        Connection.pair().close();
    }

    private static void fill(List<Descriptor> all) throws IOException {
        try {
            for (;;) {
                all.add(MessageSocket.datagram());
            }
        } catch (FileSystemException full) {
            // that is what we want
        }
    }

    /** The least processor time of some 30 ms, in nanoseconds, of the last of so many. */
    private static long least(Running<?> waiting, int times) {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < times; i++) {
            long before = system.getProcessCpuTime();
            boolean ignored = Running.staysWaiting(waiting);
            if (i >= times / 2) {
                least = Math.min(least, system.getProcessCpuTime() - before);
            }
        }
        return least;
    }
}
