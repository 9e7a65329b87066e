// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Child;
import dev.sluice.cli.ExitCode;
import dev.sluice.cli.Fault;
import java.io.IOException;

/**
 * A command that is copied to. Its end-of-file comes at the end of the copy, which then waits for it; its exit counts.
 */
final class CommandInput extends Opened {
    private final Child child;

    CommandInput(String address, Child child) {
        super(address, child.stdin());
        this.child = child;
    }

    @Override
    public Verdict finish(Leave leave) throws IOException, InterruptedException {
        close();
        if (!Command.exitsWithin(child, leave.patience())) {
            return Verdict.LATE;
        }
        int status = Command.exitStatus(child);
        if (status == ExitCode.DESTINATION_GONE) {
            return Verdict.GONE; // SIGPIPE: nobody reads what it writes
        }
        if (status != 0) {
            throw new Fault(address() + ": exit status " + status);
        }
        return Verdict.DONE;
    }
}
