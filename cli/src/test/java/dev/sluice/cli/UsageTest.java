// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was typed is wrong: one line says how, and names the nearest thing that is right; the exit code is 2. */
class UsageTest {
    private static String complaintOf(String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = CommandTree.create(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .execute(CommandTree.attachValues(args));
        assertThat(code).isEqualTo(2);
        assertThat(out.size()).isZero();
        String text = err.toString(StandardCharsets.UTF_8);
        assertThat(text).startsWith("sluice: ").endsWith(")\n").containsOnlyOnce("\n");
        return text.substring("sluice: ".length(), text.length() - 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"                            | which command? (see sluice --help)",
                "cpoy a b                        | there is no command 'cpoy': did you mean copy? (see sluice --help)",
                "poxy a b                        | there is no command 'poxy': did you mean proxy? (see sluice --help)",
                "proxy                           | Missing required parameters: 'LISTEN', 'TARGET'",
                "proxy tcp:80                    | Missing required parameter: 'TARGET'",
                "proxy tcp:80 tcp:x:1 tcp:x:2    | 'tcp:x:2' is one too many: proxy takes LISTEN and TARGET (see",
                "proxy a b c d                   | 'c' is one too many: proxy takes LISTEN and TARGET (see",
                "proxy a b                | a: neither tcp:[HOST:]PORT, unix:PATH, fd:N nor systemd:, where to listen",
                "proxy 8083 tcp:x:1              | where to listen: did you mean tcp:8083?",
                "proxy localhost:8083 tcp:x:1    | where to listen: did you mean tcp:localhost:8083?",
                "proxy *:8083 tcp:x:1            | did you mean tcp:*:8083?",
                "proxy [::1]:8083 tcp:x:1        | did you mean tcp:[::1]:8083?",
                "proxy tcp-listen:8083 tcp:x:1   | did you mean tcp:8083?",
                "proxy TCP4-LISTEN:8083 tcp:x:1  | did you mean tcp:8083?",
                "proxy unix-listen:/x tcp:x:1    | did you mean unix:/x?",
                "proxy /run/x.sock tcp:x:1       | did you mean unix:/run/x.sock?",
                "proxy @x tcp:x:1                | did you mean unix:@x?",
                "proxy systmed: tcp:x:1          | did you mean systemd:?",
                "proxy systemd:web tcp:x:1       | systemd:web: nothing follows systemd:",
                "proxy tcp:0 80                  | nor unix:PATH: did you mean tcp:localhost:80?",
                "proxy tcp:0 localhost:80        | nor unix:PATH: did you mean tcp:localhost:80?",
                "proxy tcp:0 127.0.0.1:80        | did you mean tcp:127.0.0.1:80?",
                "proxy tcp:0 tpc:80              | did you mean tcp:localhost:80?",
                "proxy tcp:0 ./x                 | did you mean unix:./x?",
                "proxy tcp:0 tcp-connect:x:80    | did you mean tcp:x:80?",
                "proxy tcp:0 tcp:localhost       | tcp:localhost lacks a port, as in tcp:localhost:80",
                "proxy tcp:0 tcp:                | tcp: lacks a port, as in tcp:localhost:80",
                "proxy tcp: tcp:x:1              | tcp: lacks a port, as in tcp:localhost:80",
                "proxy unix:@ tcp:x:1            | unix:@ lacks a name behind the @, as in unix:@name",
                "proxy tcp:0 unix:@              | unix:@ lacks a name behind the @, as in unix:@name",
                "proxy unix:x?mod=0600 tcp:x:1   | no option ?mod= of a socket that listens: did you mean ?mode=?",
                "proxy unix:x?append tcp:x:1     | there are mode= (a path with a ? in it ends in one more: x?append?)",
                "proxy unix:x?mode=9 tcp:x:1     | mode=9 is no mode, as in mode=0640",
                "proxy unix:@x?mode=0600 tcp:x:1 | an abstract name makes no file that ?mode= could be of",
                "proxy tcp:0 unix:x?mode=0600    | no option ?mode= of a socket to connect to: it has none",
                "proxy tpc:80 tcp:x:1            | did you mean tcp:80?",
                "proxy tcp:0 fd:3                | fd:3: neither tcp:HOST:PORT nor unix:PATH",
                "proxy tcp:0 tcp:80              | tcp:80 lacks a host, as in tcp:localhost:80",
                "proxy tcp:0 tcp:*:80            | tcp:*:80: to connect needs one host, as in tcp:localhost:80",
                "proxy tcp:0 tcp:x:0             | tcp:x:0: '0' is no port, which is 1 to 65535",
                "proxy tcp:0 tcp:x:65536         | '65536' is no port, which is 1 to 65535",
                "proxy tcp:0 tcp:x:http          | 'http' is no port",
                "proxy tcp:0 tcp:x:              | tcp:x: lacks a port, as in tcp:x:80",
                "proxy tcp:0 tcp:::1:80          | an IPv6 address stands in brackets, as in tcp:[::1]:80",
                "proxy tcp:0 tcp:[x]:80          | no IPv6 address and port, as in tcp:[::1]:80",
                "proxy tcp:0 tcp:[::1]           | no IPv6 address and port, as in tcp:[::1]:80",
                "proxy tcp:0 unix:               | unix: lacks a path",
                "proxy tcp::80 tcp:x:80    | tcp::80 lacks a host before the colon, as in tcp:localhost:80 or tcp:*:80",
                "proxy tcp:1 tcp::80       | tcp::80 lacks a host before the colon, as in tcp:localhost:80",
                "proxy tcp:1 http://x:80/  | http://x:80/: neither tcp:HOST:PORT nor unix:PATH: did you mean tcp:x:80?",
                "proxy tcp:-1 tcp:x:80           | '-1' is no port",
                "proxy tcp:+1 tcp:x:80           | '+1' is no port",
                "proxy fd:x tcp:x:80             | fd:x: not the number of a descriptor, as in fd:3",
                "proxy --max-connections 0 tcp:0 tcp:x:1 | '0' is no number of connections",
                "proxy --threads 0 tcp:0 tcp:x:1 | '0' is no number of threads",
                "proxy --threads 1000 tcp:0 tcp:x:1 | '1000' is no number of threads",
                "proxy --grace soon tcp:0 tcp:x:1 | 'soon' is no duration",
                "proxy --idle-timeout 0 tcp:0 tcp:x:1 | '0' is no time at all",
                "--versoin                       | '--versoin': did you mean --version? (see sluice --help)",
                "copy                            | Missing required parameters: 'SOURCE', 'DESTINATION'",
                "copy a                          | Missing required parameter: 'DESTINATION'",
                "copy --progres a b              | '--progres': did you mean --progress?",
                "copy --stast=json a b           | '--stast=json': did you mean --stats",
                "copy --limt 3 a b               | '--limt': did you mean --limit",
                "copy --stats=xml a b            | 'xml' is neither text nor json",
                "copy -n ten a b                 | 'ten' is no size, as in 4096, 10M or 10MB",
                "copy -n -1 a b                  | --limit",
                "copy --limit 9E a b             | no whole number of bytes up to 2^63-1",
                "copy --deadline soon a b        | 'soon' is no duration, as in 1.5s, 200ms or 2m",
                "copy --deadline 0s a b          | '0s' is no time at all",
                "copy --idle-timeout 5x a b      | '5x' is no duration",
                "copy --pipe-size kep a b        | 'kep' is no size",
                "copy --pipe-size 0 a b          | '0' is no size for a pipe, as in 64K or 1M, nor keep",
                "copy --pipe-size 2G a b         | '2G' is no size for a pipe",
                "copy --slow wait a b            | 'wait' is none of block, skip, skip-lines, drop",
                "copy --slow-bound x a b         | 'x' is no size",
                "copy a b fife:c                 | fife:c: there is no scheme fife: did you mean fifo:c?",
                "copy a b fifo:c?keep            | fifo:c?keep: ?keep is for a copy to one destination",
                "copy fifo:a?keep b c            | fifo:a?keep: ?keep is for a copy to one destination",
                "copy --slow skip a fifo:c?keep  | fifo:c?keep: ?keep is for a copy to one destination",
                "copy unix-listen:a?many b       | unix-listen:a?many: only a destination takes ?many connections",
                "copy a unix-listen:b?mayn | unix-listen:b?mayn: no option ?mayn of a socket that listens: did you mean ?many?",
                "copy a tcp-listen:0?mny | tcp-listen:0?mny: no option ?mny of a socket that listens: did you mean ?many?",
                "copy a unix-listen:b?replay=1K  | ?replay is for ?many connections, as in ?many,replay=64K",
                "copy a unix-listen:b?many,replay=x | unix-listen:b?many,replay=x: 'x' is no size",
                "copy a unix-listen:?many        | unix-listen:?many lacks a path",
                "copy fife:x -                   | fife:x: there is no scheme fife: did you mean fifo:x?",
                "copy fife: -                    | fife: there is no scheme fife: did you mean fifo:?",
                "copy - fil:x                    | did you mean file:x?",
                "copy a exce:cat                 | did you mean exec:cat?",
                "copy host:/path -               | (a file of that name is file:host:/path)",
                "copy tcp:80 -                    | tcp:80 lacks a host, as in tcp:localhost:80",
                "copy tcp: -                      | tcp: lacks a port, as in tcp:localhost:80",
                "copy tcp:localhost -             | tcp:localhost lacks a port, as in tcp:localhost:80",
                "copy - tcp-listen:               | tcp-listen: lacks a port, as in tcp-listen:localhost:80",
                "copy - localhost:80              | did you mean tcp:localhost:80?",
                "copy unix:@ -                    | unix:@ lacks a name behind the @, as in unix:@name",
                "copy - unix-listen:@             | unix-listen:@ lacks a name behind the @, as in unix:@name",
                "copy - unix-listen:@?mode=0600   | lacks a name behind the @",
                "copy - unix-listen:x?mdoe=0600   | no option ?mdoe= of a socket that listens: did you mean ?mode=?",
                "copy - tcp:localhost:0           | tcp:localhost:0: '0' is no port, which is 1 to 65535",
                "copy - tcp-listen:65536          | tcp-listen:65536: '65536' is no port, which is 0 to 65535",
                "copy - tcp-listen:::1:80         | an IPv6 address stands in brackets, as in tcp:[::1]:80",
                "copy unix: -                     | unix: lacks a path",
                "copy - unix-listen:              | unix-listen: lacks a path",
                "copy - tpc-listen:80             | did you mean tcp-listen:80?",
                "copy unxi:/x -                   | did you mean unix:/x?",
                "copy fd:x -                     | fd:x: not the number of a descriptor, as in fd:3",
                "copy fd:-1 -                    | not the number of a descriptor",
                "copy fd:+1 -                    | not the number of a descriptor",
                "copy fd: -                      | fd: not the number of a descriptor",
                "copy exec: -                    | exec: lacks a command, as in exec:'gzip -c'",
                "copy file: -                    | file: lacks a path",
                "copy fifo:?keep -               | fifo:?keep lacks a path",
                "copy null:x -                   | null:x: nothing follows null:",
                "copy - x?apend                  | no option ?apend of a file that is written: did you mean ?append?",
                "copy - x?kep                   | there are append, mode=, new (a path with a ? in it ends in one more",
                "copy - fifo:x?keeep             | did you mean ?keep?",
                "copy x?append -                 | no option ?append of a file that is read: it has none",
                "copy - x?mode=999               | mode=999 is no mode, as in mode=0640",
                "copy - x?mode=1777              | mode=1777 is no mode",
                "copy - x?append,                | no option ? of a file that is written",
                "copy fifo:x?create -            | no option ?create of a FIFO: did you mean ?create=?",
                "completion tcsh                 | completion is for bash or zsh, not for tcsh",
                "logs                            | which of ls, cat, tail and attach? (see sluice logs --help)",
                "logs sl                         | there is no command 'sl': did you mean ls?",
                "logs cat                        | Missing required parameter: 'ID'",
                "logs tail -n x c                | 'x' is no number of lines, nor all",
                "logs cat --since now c          | 'now' is no time, as in 2026-01-31T08:00:00Z",
                "logs cat --stream out c         | 'out' is neither stdout nor stderr",
                "docker-log-driver --metrics x  | x: neither tcp:[HOST:]PORT nor unix:PATH, where to listen",
                "docker-log-driver --dir=        | an empty path",
                "docker-log-drivre               | there is no command 'docker-log-drivre': did you mean docker-log-driver?",
                "doctor now                      | 'now'",
            })
    void itIsToldInOneLine(String typed, String complaint) {
        assertThat(complaintOf(typed.isEmpty() ? new String[0] : typed.split(" "))).contains(complaint);
    }

    @Test
    void anEmptyAddressIsNone() {
        assertThat(complaintOf("copy", "", "-")).startsWith("an empty address lacks a path");
    }

    @Test
    void whatPicocliWouldMakeOfAddressesIsNotMade() {
        // Neither a file of arguments, nor a variable.
        assertThat(complaintOf("copy", "@x:y", "fife:${sys:user.name}")).startsWith("fife:${sys:user.name}: there is no");
        assertThat(List.of(CommandTree.attachValues("copy", "--stats", "--", "--stats")))
                .containsExactly("copy", "--stats=text", "--", "--stats");
    }
}
