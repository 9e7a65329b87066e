// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.proxy;

import dev.sluice.Listener;
import dev.sluice.cli.ExitCode;
import dev.sluice.cli.Interruption;
import dev.sluice.cli.Report;
import dev.sluice.cli.address.SocketPlace;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code sluice proxy}: from what was typed to the exit code. */
public final class ProxyCommand implements Callable<Integer> {
    /** Beyond the grace: for cutting what is still there, and for the last words. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ProxyOptions options;
    private final PrintStream err;

    ProxyCommand(ProxyOptions options, PrintStream err) {
        this.options = options;
        this.err = err;
    }

    @Override
    public Integer call() {
        Door door = Door.parse(options.listen());
        SocketPlace target = SocketPlace.parseTarget(options.target());
        ProxySettings settings = options.settings();
        Carriers.limit(settings.threads());
        try (Interruption interruption = new Interruption(settings.grace().plus(PATIENCE))) {
            try {
                serve(door, target, settings);
                return ExitCode.INTERRUPTED;
            } catch (IOException | RuntimeException failed) {
                if (interruption.came()) {
                    return ExitCode.INTERRUPTED;
                }
                Report.failure(err, failed, settings.verbose());
                return ExitCode.FAILED;
            }
        }
    }

    private void serve(Door door, SocketPlace target, ProxySettings settings) throws IOException {
        target.connection(); // or there can be no such place, which need not wait for the first client to be found out
        List<Listener> listeners = door.open();
        Proxy proxy = new Proxy(listeners, target, settings, err);
        try {
            for (Listener listener : listeners) {
                Report.line(err, "listening on " + door.textOf(listener));
            }
            proxy.run();
        } finally {
            proxy.closeListeners();
        }
    }
}
