// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.io.IOException;
import java.net.BindException;
import java.net.UnixDomainSocketAddress;

/** A program of its own that listens at a path, says whether it could, and ends when its standard input does. */
final class SocketFileChild {
    private SocketFileChild() {}

    public static void main(String[] arguments) throws IOException {
        try (Descriptor in = Descriptor.adopt(0);
                Descriptor out = Descriptor.adopt(1)) {
            UnixDomainSocketAddress address = UnixDomainSocketAddress.of(arguments[0]);
            Connection.pair().close(); // all is loaded before the start
            Bytes.write(out, "ready\n");
            Bytes.read(in);
            try {
                Listener listener = Listener.open(address);
                Bytes.write(out, "listens\n");
                Bytes.read(in);
                if (arguments.length == 1) {
                    listener.close();
                } else {
                    Runtime.getRuntime().halt(0); // leaves its file behind
                }
            } catch (BindException inUse) {
                Bytes.write(out, "in use\n");
                Bytes.read(in);
            }
        }
    }
}
