// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.proxy;

import dev.sluice.Inherited;
import dev.sluice.Listener;
import dev.sluice.cli.Fault;
import dev.sluice.cli.UsageException;
import dev.sluice.cli.address.AddressParser;
import dev.sluice.cli.address.NearestPlace;
import dev.sluice.cli.address.OwnFiles;
import dev.sluice.cli.address.SocketPlace;
import dev.sluice.cli.address.TcpPlace;
import dev.sluice.cli.address.UnixPlace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Where a proxy listens, as the user wrote it. */
interface Door {
    /** Begins to listen: one or more, which the caller has to close. */
    List<Listener> open() throws IOException;

    /** Where one of them listens, for the user: with the port that the kernel chose. */
    String textOf(Listener listener) throws IOException;

    /**
     * Reads {@code tcp:[HOST:]PORT}, {@code unix:PATH}, {@code fd:N} or {@code systemd:}.
     *
     * @throws UsageException if it is none
     */
    static Door parse(String text) {
        String rest = SocketPlace.rest(text);
        return switch (SocketPlace.scheme(text)) {
            case "tcp" -> new Own(TcpPlace.listening(text, rest));
            case "unix" -> new Own(UnixPlace.listening(text, rest));
            case "fd" -> new Numbered(text, AddressParser.number(text, rest));
            case "systemd" -> passed(text, rest);
            default ->
                throw new UsageException(NearestPlace.complaint(
                        text, "tcp:[HOST:]PORT, unix:PATH, fd:N nor systemd:, where to listen", true));
        };
    }

    private static Door passed(String text, String rest) {
        if (!rest.isEmpty()) {
            throw new UsageException(text + ": nothing follows systemd:");
        }
        return new Passed(text);
    }

    /** One that is made here. */
    record Own(SocketPlace place) implements Door {
        @Override
        public List<Listener> open() throws IOException {
            return List.of(place.listener().open());
        }

        @Override
        public String textOf(Listener listener) throws IOException {
            return place.textOf(listener);
        }
    }

    /** A socket that listens already, and was inherited. */
    record Numbered(String text, int number) implements Door {
        @Override
        public List<Listener> open() throws IOException {
            OwnFiles.refuse(number);
            return List.of(Listener.adopt(number));
        }

        @Override
        public String textOf(Listener listener) throws IOException {
            return text + " (" + listener.localAddress() + ")";
        }
    }

    /** Those that a service manager has passed: see sd_listen_fds(3). */
    record Passed(String text) implements Door {
        @Override
        public List<Listener> open() throws IOException {
            List<Listener> listeners = new ArrayList<>();
            for (Inherited inherited : Inherited.take()) {
                if (inherited.descriptor() instanceof Listener listener) {
                    listeners.add(listener);
                } else {
                    inherited.descriptor().close();
                }
            }
            if (listeners.isEmpty()) {
                throw new Fault("LISTEN_FDS passes no stream socket that listens to this process");
            }
            return listeners;
        }

        @Override
        public String textOf(Listener listener) throws IOException {
            return text + " (" + listener.localAddress() + ")";
        }
    }
}
