// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import dev.sluice.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Two network namespaces, joined by a wire of some length: what is sent arrives later, or at a limited rate where the
 * kernel has no netem. Segments, acknowledgements and windows take their time, as they don't on loopback.
 */
final class VethPair implements AutoCloseable {
    /** The addresses of the two ends: of a network that is for benchmarks only, RFC 2544. */
    static final String LEFT = "198.18.0.1";

    static final String RIGHT = "198.18.0.2";

    private static final String MAKE = """
            ip netns add $L
            ip netns add $R
            ip -n $L link add wire type veth peer name wire netns $R
            ip -n $L address add 198.18.0.1/24 dev wire
            ip -n $R address add 198.18.0.2/24 dev wire
            for end in $L $R; do
                ip -n $end link set lo up
                ip -n $end link set wire up
                tc -n $end qdisc add dev wire root netem delay 2ms 2>/dev/null ||
                    tc -n $end qdisc add dev wire root tbf rate 800mbit burst 256k latency 20ms 2>/dev/null || true
            done
            """;

    private static int made;

    private final Namespace left;
    private final Namespace right;

    private VethPair(Namespace left, Namespace right) {
        this.left = left;
        this.right = right;
    }

    /** Makes them; a test that may not is not run. */
    static VethPair open() throws Exception {
        String name = "sluice-" + ProcessHandle.current().pid() + "-" + made++;
        VethPair pair = new VethPair(new Namespace(name + "-l"), new Namespace(name + "-r"));
        String failure = pair.shell(MAKE);
        if (!failure.isEmpty()) {
            pair.close();
        }
        Needs.check(failure.isEmpty(), "network namespaces, veth, and the right to make them: " + failure);
        return pair;
    }

    Namespace left() {
        return left;
    }

    Namespace right() {
        return right;
    }

    /** Takes the wire down: what is sent is lost, and nobody is told. */
    void down() throws Exception {
        require("ip -n $R link set wire down");
    }

    /** Takes the wire up again. */
    void up() throws Exception {
        require("ip -n $R link set wire up");
    }

    private void require(String script) throws Exception {
        String failure = shell(script);
        if (!failure.isEmpty()) {
            throw new IOException(failure);
        }
    }

    /** Runs a shell script: what went wrong, or nothing. */
    private String shell(String script) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-ec", script).redirectErrorStream(true);
        builder.environment().put("L", left.name());
        builder.environment().put("R", right.name());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        return exit == 0 ? "" : output + "(exit " + exit + ")";
    }

    @Override
    public void close() throws Exception {
        shell("ip netns del $L; ip netns del $R");
    }
}
