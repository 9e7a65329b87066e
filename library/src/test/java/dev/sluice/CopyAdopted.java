// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A program that copies its standard input to its standard output, and says on standard error how it went. */
final class CopyAdopted {
    private static final int O_NOCTTY = 0x100;
    private static final int O_NONBLOCK = 0x800;
    private static final int EACCES = 13;

    private CopyAdopted() {}

    /**
     * @param arguments whether its streams can be opened anew, as those of another user cannot, on which kind of
     *     thread, and after how many bytes it is to say whether others run
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("shared")) {
            Seccomp.refuseToOpen(O_NOCTTY, EACCES);
        }
        OnThread kind = OnThread.valueOf(arguments[1]);
        long bytes = Long.parseLong(arguments[2]);
        try (Descriptor in = Descriptor.adopt(0);
                Descriptor out = Descriptor.adopt(1)) {
            Copy copy = Copy.from(in).to(out).keepPipeCapacity();
            Running<CopyResult> running = kind.call(copy::run);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> copy.transferred() >= bytes && running.isWaiting());
            String mode = (Numbers.flags(in) & O_NONBLOCK) == 0 ? "blocking" : "non-blocking";
            System.err.println(OnThread.VIRTUAL.call(() -> mode + ", and others run").get());
            System.err.println(running.get().end());
        }
    }
}
