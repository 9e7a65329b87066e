// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stack of pipes that nobody uses. The one that was used last is taken first, so those that are too many sink to the
 * bottom, and are known by the least height that the stack has had for a while.
 */
final class IdlePipes {
    private final ArrayDeque<PooledPipe> stack = new ArrayDeque<>();
    private int leastHeight;

    int size() {
        return stack.size();
    }

    void push(PooledPipe pipe) {
        stack.push(pipe);
    }

    @Nullable PooledPipe pop() {
        @Nullable PooledPipe pipe = stack.poll();
        leastHeight = Math.min(leastHeight, stack.size());
        return pipe;
    }

    /** Takes out those that have not been needed since this was called last. */
    List<PooledPipe> takeUnused() {
        List<PooledPipe> unused = new ArrayList<>();
        for (int i = 0; i < leastHeight; i++) {
            unused.add(stack.removeLast());
        }
        leastHeight = stack.size();
        return unused;
    }
}
