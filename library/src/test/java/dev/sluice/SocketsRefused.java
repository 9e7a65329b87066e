// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.SocketFlow.Family;
import dev.sluice.internal.copy.PipePool;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;

/** A program of its own, which is refused something by seccomp(2), and says how its copies between sockets went. */
final class SocketsRefused {
    private SocketsRefused() {}

    /** @param arguments on which kind of thread; what is refused, with which errno, and when */
    public static void main(String[] arguments) throws Exception {
        OnThread kind = OnThread.valueOf(arguments[0]);
        int errno = Integer.parseInt(arguments[2]);
        boolean midway = arguments[3].equals("midway");
        if (!midway) {
            refuse(arguments[1], errno);
        }
        try (SocketFlow flow = new SocketFlow(Family.TCP, Family.TCP, kind)) {
            Running<CopyResult> running = kind.call(flow.copy::run);
            long splicedBefore = 0;
            if (midway) {
                flow.stallInPipe(running);
                refuse(arguments[1], errno);
                splicedBefore = flow.copy.spliced(); // a destination that stands still may take a little more
            }
            flow.readTo(SocketFlow.SIZE); // fails if a byte is wrong, or missing
            CopyResult result = running.get();
            System.out.println(result.end() + " whole=" + (result.bytes() == SocketFlow.SIZE) + " spliced="
                    + (result.spliced() - splicedBefore > 0) + " refusals=" + Math.min(result.refusals(), 2) + " used="
                    + PipePool.usedNow());
        }
    }

    private static void refuse(String what, int errno) {
        switch (what) {
            case "splice" -> Seccomp.refuse(Seccomp.SPLICE, errno);
            case "pipe2" -> Seccomp.refuse(Seccomp.PIPE2, errno);
            case "growth" -> Seccomp.refuseToGrowPipes(errno);
            default -> throw new IllegalArgumentException(what);
        }
    }
}
