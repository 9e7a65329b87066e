// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** What a test needs of its machine, and what becomes of the test where that is missing. */
public final class Needs {
    private static final boolean ALL_MUST_RUN = "true".equals(System.getenv("CI"));

    private Needs() {}

    /**
     * Goes on if something that the test cannot do without is there. Else the test ends: not run, or failed
     * where {@code CI=true} is set.
     *
     * @param there whether it is there
     * @param what what it is, for the report
     */
    public static void check(boolean there, String what) {
        if (!there) {
            throw new TestAbortedException(missing(what, ALL_MUST_RUN));
        }
    }

    static String missing(String what) {
        return missing(what, ALL_MUST_RUN);
    }

    /** Returns why a test is not run, or fails it where all tests must run. */
    static String missing(String what, boolean allMustRun) {
        String message = "not run, this machine lacks: " + what;
        if (allMustRun) {
            throw new AssertionFailedError(message + " (CI=true, where all tests must run)");
        }
        return message;
    }
}
