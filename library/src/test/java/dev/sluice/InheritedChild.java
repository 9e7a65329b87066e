// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.io.IOException;
import java.util.List;

/** A program of its own that says what the service manager has passed to it, and what it finds there. */
final class InheritedChild {
    private static final int O_CLOEXEC = 0x80000;

    private InheritedChild() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0) {
            try (Connection connection = Connection.adopt(0)) {
                System.out.println("0: " + Bytes.read(connection));
            }
            System.out.println("and then: " + Numbers.target(0));
            return;
        }
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                List<Inherited> all = Inherited.take();
                System.out.println("taken: " + all.size());
                for (Inherited one : all) {
                    System.out.println(one.name() + " " + describe(one.descriptor()));
                }
            } catch (IOException failure) {
                System.out.println(failure.getMessage());
            }
        }
    }

    private static String describe(Descriptor descriptor) throws IOException {
        String closed = (Numbers.flags(descriptor) & O_CLOEXEC) != 0 ? "" : ", not close-on-exec";
        String type = descriptor.getClass().getSimpleName() + closed + ": ";
        return switch (descriptor) {
            case Listener listener -> type + Bytes.read(listener.accept());
            case MessageListener listener -> type + Bytes.read(listener.accept());
            default -> type + Bytes.read(descriptor);
        };
    }
}
