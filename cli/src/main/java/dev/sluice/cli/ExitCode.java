// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

/** What a shell sees in {@code $?}. After SIGINT and SIGTERM the JVM itself exits with 130 and 143. */
public final class ExitCode {
    /** The end of the source, or the limit. */
    public static final int OK = 0;

    /** Something failed, and one line on standard error says what. */
    public static final int FAILED = 1;

    /** What the user typed is wrong, and one line on standard error says how. */
    public static final int USAGE = 2;

    /** A deadline or an idle timeout, as timeout(1) says it. */
    public static final int TIMEOUT = 124;

    /** What a shell reports for SIGINT. */
    public static final int INTERRUPTED = 130;

    /** The destination went away: what a shell reports for SIGPIPE. */
    public static final int DESTINATION_GONE = 141;

    private ExitCode() {}
}
