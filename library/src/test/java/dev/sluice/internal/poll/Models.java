// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import java.nio.channels.ClosedChannelException;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * Checks {@link Latch} and {@link Life} against the tables in their comments, in all interleavings of a few threads
 * that Lincheck finds. A program of its own, since Lincheck changes the classes of the JVM in which it runs.
 */
final class Models {
    private Models() {}

    public static void main(String[] arguments) {
        ModelCheckingOptions latch = new ModelCheckingOptions().sequentialSpecification(LatchTable.class);
        limit(latch, 8).check(LatchModel.class);
        ModelCheckingOptions life = new ModelCheckingOptions().sequentialSpecification(LifeTable.class);
        limit(life, 30).check(LifeModel.class);
        System.out.println("as in the tables");
    }

    private static ModelCheckingOptions limit(ModelCheckingOptions options, int iterations) {
        return options.threads(3).actorsPerThread(3).iterations(iterations).invocationsPerIteration(200);
    }

    /** One thread holds the side; all may wake it. The waiter is a stand-in that needs no waking. */
    public static final class LatchModel {
        private final Latch latch = new Latch();
        private final Object waiter = new Object();
        private boolean enlisted;

        @Operation(nonParallelGroup = "holder")
        public boolean clear() {
            if (!enlisted) {
                latch.clear();
            }
            return !enlisted;
        }

        @Operation(nonParallelGroup = "holder")
        public boolean enlist() {
            if (enlisted) {
                return false;
            }
            enlisted = latch.enlist(waiter);
            return enlisted;
        }

        @Operation(nonParallelGroup = "holder")
        public void withdraw() {
            latch.withdraw(waiter);
            enlisted = false;
        }

        @Operation
        public boolean isReady() {
            return latch.isReady();
        }

        @Operation
        public void wake() {
            latch.wake();
        }
    }

    /** The same, one at a time. */
    public static final class LatchTable {
        private String state = "empty";
        private boolean enlisted;

        public boolean clear() {
            if (!enlisted) {
                state = "empty";
            }
            return !enlisted;
        }

        public boolean enlist() {
            if (enlisted || !state.equals("empty")) {
                return false;
            }
            state = "w";
            enlisted = true;
            return true;
        }

        public void withdraw() {
            state = state.equals("w") ? "empty" : state;
            enlisted = false;
        }

        public boolean isReady() {
            return state.equals("ready");
        }

        public void wake() {
            state = "ready";
        }
    }

    /** Two users, each of whom leaves as often as it has entered, and closers. */
    public static final class LifeModel {
        private final Life life = new Life();
        private int first;
        private int second;

        @Operation(nonParallelGroup = "first")
        public boolean enterFirst() {
            boolean entered = enter();
            first += entered ? 1 : 0;
            return entered;
        }

        @Operation(nonParallelGroup = "first")
        public boolean leaveFirst() {
            return first > 0 && first-- > 0 && life.leave();
        }

        @Operation(nonParallelGroup = "second")
        public boolean enterSecond() {
            boolean entered = enter();
            second += entered ? 1 : 0;
            return entered;
        }

        @Operation(nonParallelGroup = "second")
        public boolean leaveSecond() {
            return second > 0 && second-- > 0 && life.leave();
        }

        @Operation
        public int close() {
            return life.close();
        }

        @Operation
        public boolean isClosed() {
            return life.isClosed();
        }

        private boolean enter() {
            try {
                life.enter();
                return true;
            } catch (ClosedChannelException closed) {
                return false;
            }
        }
    }

    /** The same, one at a time. */
    public static final class LifeTable {
        private int first;
        private int second;
        private boolean closed;

        public boolean enterFirst() {
            first += closed ? 0 : 1;
            return !closed;
        }

        public boolean leaveFirst() {
            return first > 0 && first-- > 0 && closed && first + second == 0;
        }

        public boolean enterSecond() {
            second += closed ? 0 : 1;
            return !closed;
        }

        public boolean leaveSecond() {
            return second > 0 && second-- > 0 && closed && first + second == 0;
        }

        public int close() {
            if (closed) {
                return -1;
            }
            closed = true;
            return first + second;
        }

        public boolean isClosed() {
            return closed;
        }
    }
}
