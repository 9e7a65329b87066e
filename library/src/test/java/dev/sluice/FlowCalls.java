// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.SocketFlow.Family;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;

/** The program whose system calls {@link FlowCallsTest} counts: a flow between sockets, most of it through a pipe. */
final class FlowCalls {
    private static final int EPERM = 1;

    private FlowCalls() {}

    /** @param arguments on which kind of thread; whether pipes may grow */
    public static void main(String[] arguments) throws Exception {
        OnThread kind = OnThread.valueOf(arguments[0]);
        if (arguments[1].equals("refused")) {
            Seccomp.refuseToGrowPipes(EPERM);
        }
        flow(kind, false); // loads the classes
        flow(kind, true);
    }

    private static void flow(OnThread kind, boolean counted) throws Exception {
        try (SocketFlow flow = new SocketFlow(Family.TCP, Family.TCP, kind)) {
            Running<CopyResult> running = kind.call(flow.copy::run);
            flow.readTo(SocketFlow.SIZE / 4); // by now it is through a pipe
            if (counted) {
                SystemCalls.mark("flow-begin");
            }
            long before = flow.copy.spliced();
            flow.readTo(SocketFlow.SIZE / 4 * 3);
            long spliced = flow.copy.spliced() - before;
            if (counted) {
                SystemCalls.mark("flow-end");
                System.out.println(Numbers.of(flow.source) + " " + Numbers.of(flow.destination) + " " + spliced);
            }
            flow.readTo(SocketFlow.SIZE);
            running.get();
        }
    }
}
