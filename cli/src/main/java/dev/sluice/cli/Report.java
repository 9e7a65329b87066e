// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.io.IOException;
import java.io.PrintStream;

/** Tells the user on standard error: one line each, since scripts read them too. */
public final class Report {
    private Report() {}

    /** Says that something went wrong. */
    public static void line(PrintStream err, String message) {
        err.println("sluice: " + oneLine(message));
    }

    /**
     * Says what failed, and where in the program only to those who ask.
     *
     * @param verbose whether to add the stack trace
     */
    public static void failure(PrintStream err, Throwable failure, boolean verbose) {
        line(err, messageOf(failure));
        if (verbose) {
            failure.printStackTrace(err);
        }
    }

    /**
     * The library's failures, and ours, say all; anything else is a fault of the program, and its kind helps to find
     * it.
     */
    private static String messageOf(Throwable failure) {
        String message = failure.getMessage();
        return failure instanceof IOException && message != null ? message : "unexpected: " + failure;
    }

    /** A path may contain anything, but a report is one line of text. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (Character.isISOControl(c)) {
                        line.append(String.format("\\x%02x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        return line.toString();
    }
}
