// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.proxy;

import dev.sluice.Listener;
import dev.sluice.cli.address.AddressParser;
import dev.sluice.cli.address.SocketPlace;
import dev.sluice.cli.address.TcpPlace;
import dev.sluice.cli.address.UnixPlace;
import java.io.IOException;
import java.util.List;

/** Where a proxy listens, as the user wrote it. */
interface Door {
    /** Begins to listen. */
    Listener open() throws IOException;

    /** Where it listens, for the user: with the port that the kernel chose. */
    String textOf(Listener listener) throws IOException;

    /**
     * Reads {@code tcp:[HOST:]PORT}, {@code unix:PATH} or {@code fd:N}.
     *
     * @throws dev.sluice.cli.UsageException if it is none
     */
    static Door parse(String text) {
        String rest = SocketPlace.rest(text);
        return switch (SocketPlace.scheme(text)) {
            case "tcp" -> new Own(TcpPlace.listening(text, rest));
            case "unix" -> new Own(UnixPlace.parse(text, rest));
            case "fd" -> new Inherited(text, AddressParser.number(text, rest));
            default ->
                throw SocketPlace.unknown(
                        text, List.of("tcp", "unix", "fd"), "tcp:[HOST:]PORT, unix:PATH nor fd:N, where to listen");
        };
    }

    /** One that is made here. */
    record Own(SocketPlace place) implements Door {
        @Override
        public Listener open() throws IOException {
            return place.listener().open();
        }

        @Override
        public String textOf(Listener listener) throws IOException {
            return place.textOf(listener);
        }
    }

    /** A socket that listens already, and was inherited. */
    record Inherited(String text, int number) implements Door {
        @Override
        public Listener open() throws IOException {
            return Listener.adopt(number);
        }

        @Override
        public String textOf(Listener listener) throws IOException {
            return text + " (" + listener.localAddress() + ")";
        }
    }
}
