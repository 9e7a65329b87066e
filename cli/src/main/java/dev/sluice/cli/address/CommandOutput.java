// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Child;
import dev.sluice.cli.Fault;
import java.io.IOException;

/**
 * A command that is copied from. When its output has ended its exit counts: what a failed command has said may not be
 * the whole. When the copy ends first, closing its pipe tells it, as a shell's pipeline does; and one that a copy gave
 * up on is ended.
 */
final class CommandOutput extends Opened {
    private final Child child;

    CommandOutput(String address, Child child) {
        super(address, child.stdout());
        this.child = child;
    }

    @Override
    public Verdict finish(Leave leave) throws IOException, InterruptedException {
        close();
        if (!leave.sourceEnded()) {
            if (!leave.complete()) {
                Command.end(child);
            }
            return Verdict.DONE;
        }
        if (!Command.exitsWithin(child, leave.patience())) {
            return Verdict.LATE;
        }
        int status = Command.exitStatus(child);
        if (status != 0) {
            throw new Fault(address() + ": exit status " + status);
        }
        return Verdict.DONE;
    }
}
