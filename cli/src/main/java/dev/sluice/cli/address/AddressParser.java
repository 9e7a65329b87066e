// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.cli.Nearest;
import dev.sluice.cli.UsageException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads addresses.
 *
 * <p>What begins as a scheme does, letters and a colon, is one, so that a misspelt scheme never makes a file of that
 * name. A file whose own name looks so is written {@code ./a:b} or {@code file:a:b}; one that exists is understood as
 * it is.
 */
public final class AddressParser {
    /** At which end of the copy an address stands. */
    public enum Role {
        SOURCE,
        DESTINATION
    }

    /** What the JVM makes of bytes that are no text, so that another file would be meant. */
    private static final char UNDECODED = '\uFFFD';

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z-]*):(.*)", Pattern.DOTALL);
    private static final List<String> SCHEMES =
            List.of("fifo", "file", "fd", "tcp", "tcp-listen", "unix", "unix-listen", "exec", "null");

    private AddressParser() {}

    /**
     * Reads one.
     *
     * @throws UsageException if it is none
     */
    public static Address parse(String text, Role role) {
        if (text.indexOf(UNDECODED) >= 0) {
            throw new UsageException(text + ": not text in the locale's charset; such a file can be redirected, as in -"
                    + (role == Role.SOURCE ? " <" : " >") + "file");
        }
        if (text.equals("-")) {
            return new Standard(text);
        }
        Matcher matcher = SCHEME.matcher(text);
        if (!matcher.matches()) {
            return file(text, text, role);
        }
        String scheme = matcher.group(1);
        String rest = matcher.group(2);
        return switch (scheme) {
            case "file" -> file(text, rest, role);
            case "fifo" -> fifo(text, rest);
            case "fd" -> new Inherited(text, number(text, rest));
            case "exec" -> new Command(text, notEmpty(text, rest, "a command, as in exec:'gzip -c'"));
            case "tcp" -> new Connected(TcpPlace.target(text, rest));
            case "unix" -> new Connected(UnixPlace.target(text, rest));
            case "tcp-listen", "unix-listen" -> listening(text, scheme, rest, role);
            case "null" -> nothing(text, rest);
            default -> other(text, scheme, rest, role);
        };
    }

    private static Address file(String text, String rest, Role role) {
        AddressOptions options = role == Role.SOURCE
                ? AddressOptions.split(text, rest, Set.of(), "a file that is read")
                : AddressOptions.split(text, rest, Set.of("append", "new", "mode="), "a file that is written");
        return new PlainFile(
                text,
                path(text, options.before()),
                options.has("append"),
                options.has("new"),
                options.mode("mode"));
    }

    private static Address fifo(String text, String rest) {
        AddressOptions options = AddressOptions.split(text, rest, Set.of("keep", "create="), "a FIFO");
        return new NamedFifo(
                text,
                path(text, options.before()),
                options.has("keep"),
                options.has("create") ? options.mode("create") : null);
    }

    private static Address listening(String text, String scheme, String rest, Role role) {
        boolean unix = scheme.equals("unix-listen");
        Set<String> known = unix ? Set.of("many", "replay=", "mode=") : Set.of("many", "replay=");
        AddressOptions options = AddressOptions.split(text, rest, known, "a socket that listens");
        SocketPlace place = unix ? UnixPlace.of(text, options) : TcpPlace.listening(text, options.before());
        if (options.has("many") && role == Role.SOURCE) {
            throw new UsageException(text + ": only a destination takes ?many connections");
        }
        long replay = options.size("replay");
        if (options.has("replay") && !options.has("many")) {
            throw new UsageException(text + ": ?replay is for ?many connections, as in ?many,replay=64K");
        }
        return options.has("many") ? new TapPlace(place, replay) : new Accepted(place);
    }

    private static Address nothing(String text, String rest) {
        if (!rest.isEmpty()) {
            throw new UsageException(text + ": nothing follows null: (" + asFile(text) + ")");
        }
        return new Null(text);
    }

    private static Address other(String text, String scheme, String rest, Role role) {
        if (Files.exists(Path.of(text), LinkOption.NOFOLLOW_LINKS)) {
            return file(text, text, role);
        }
        String hint = Nearest.hint(Nearest.of(scheme, SCHEMES), known -> known + ":" + rest);
        if (hint.isEmpty() && rest.matches("\\d+")) {
            hint = Nearest.hint("tcp", tcp -> tcp + ":" + text);
        }
        throw new UsageException(about(text) + "there is no scheme " + scheme + hint + " (" + asFile(text) + ")");
    }

    /** How a complaint begins; an address that is a scheme alone has its colon already. */
    static String about(String text) {
        return text.endsWith(":") ? text + " " : text + ": ";
    }

    private static String asFile(String text) {
        return "a file of that name is file:" + text;
    }

    /**
     * Reads the number of a descriptor, which stands behind {@code fd:}.
     *
     * @throws UsageException if it is none
     */
    public static int number(String text, String digits) {
        try {
            int number = Integer.parseInt(digits);
            if (number >= 0 && Character.isDigit(digits.charAt(0))) {
                return number;
            }
        } catch (NumberFormatException none) {
            // said below
        }
        throw new UsageException(about(text) + "not the number of a descriptor, as in fd:3");
    }

    static Path path(String text, String path) {
        try {
            return Path.of(notEmpty(text, path, "a path"));
        } catch (InvalidPathException invalid) {
            throw new UsageException(text + ": no path in the locale's charset: " + invalid.getReason());
        }
    }

    private static String notEmpty(String text, String value, String what) {
        if (value.isEmpty()) {
            throw new UsageException((text.isEmpty() ? "an empty address" : text) + " lacks " + what);
        }
        return value;
    }
}
