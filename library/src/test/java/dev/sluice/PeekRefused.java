// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The program that {@link PeekCallsTest} runs: its calls are refused, one after the other. */
final class PeekRefused {
    private static final int EPERM = 1;
    private static final int EMFILE = 24;
    private static final int ENOSYS = 38;
    private static final int CAPACITY = 128 * 1024;

    private PeekRefused() {}

    public static void main(String[] arguments) throws Exception {
        Pipe pipe = Pipe.open();
        Pipe usual = Pipe.open();
        pipe.sink().setPipeCapacity(CAPACITY);
        pipe.sink().write(ByteBuffer.allocate(CAPACITY));
        Seccomp.refuseToGrowPipes(EPERM);
        look(pipe.source());
        Seccomp.refuse(Seccomp.PIPE2, EMFILE);
        look(pipe.source());
        Bytes.write(usual.sink(), "x");
        Seccomp.refuse(Seccomp.TEE, ENOSYS);
        look(usual.source());
        System.out.println(Libc.available(pipe.source()) + " bytes there");
    }

    private static void look(Descriptor source) {
        try {
            int seen = source.peek(ByteBuffer.allocate(CAPACITY), Libc.available(source) - 1);
            throw new AssertionError(seen);
        } catch (IOException refused) {
            System.out.println(refused.getMessage());
        }
    }
}
