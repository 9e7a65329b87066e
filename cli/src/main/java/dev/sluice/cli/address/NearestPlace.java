// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.cli.Nearest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is meant perhaps by something that is no place of a socket. */
public final class NearestPlace {
    private static final List<String> TARGETS = List.of("tcp", "unix");
    private static final List<String> LISTENERS = List.of("tcp", "unix", "fd", "systemd");

    private NearestPlace() {}

    /**
     * Says that it is none, and the nearest that is.
     *
     * @param expected what there is, as in {@code this nor that}
     * @param listens whether it is a place to listen at
     */
    public static String complaint(String text, String expected, boolean listens) {
        String subject = text.isEmpty() ? "an empty address: " : AddressParser.about(text);
        return subject + "neither " + expected + Nearest.hint(of(text, listens), place -> place);
    }

    private static @Nullable String of(String text, boolean listens) {
        if (isNumber(text)) {
            return tcp(text, listens);
        }
        // What other tools call them: tcp-listen of a copy, TCP4-CONNECT of socat(1).
        String scheme =
                SocketPlace.scheme(text).toLowerCase(Locale.ROOT).replaceFirst("(?<=.)[46]?(-(listen|connect))?$", "");
        String rest = SocketPlace.rest(text);
        @Nullable String known = Nearest.of(scheme, listens ? LISTENERS : TARGETS);
        if (known != null) {
            String place = withoutSlashes(scheme, rest);
            return known.equals("tcp") && isNumber(place) ? tcp(place, listens) : known + ":" + place;
        }
        if (text.matches("([\\w.-]+|\\[[\\da-fA-F:.]+]|\\*):\\d+")) {
            return "tcp:" + text;
        }
        return text.startsWith("@") || (text.indexOf('/') >= 0 && text.indexOf(':') < 0) ? "unix:" + text : null;
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d+");
    }

    private static String tcp(String port, boolean listens) {
        return "tcp:" + (listens ? "" : "localhost:") + port;
    }

    /** Of a URL, its host and port. */
    private static String withoutSlashes(String scheme, String rest) {
        if (!rest.startsWith("//")) {
            return rest;
        }
        String host = rest.replaceFirst("^//([^/]*).*$", "$1");
        return scheme.equals("http") && host.indexOf(':') < 0 ? host + ":80" : host;
    }
}
