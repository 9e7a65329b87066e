// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.util.List;

/** What the files of a log are called. */
final class LogNames {
    /** Has the entries of both outputs. */
    static final String BOTH = "container.log";

    private LogNames() {}

    /** {@return the names of the files that a format writes: one for both outputs, or one for each, in their order} */
    static List<String> of(LogFormat format) {
        return format == LogFormat.RAW ? List.of(raw(Output.STDOUT), raw(Output.STDERR)) : List.of(BOTH);
    }

    /** {@return the name of the file with the bytes of an output} */
    static String raw(Output output) {
        return output.label() + ".log";
    }

    /** {@return the name of a file that was rotated away {@code k} times} */
    static String rotated(String name, int k) {
        return k == 0 ? name : name + "." + k;
    }

    /** {@return the same, when it has been compressed} */
    static String compressed(String name, int k) {
        return name + "." + k + ".gz";
    }
}
