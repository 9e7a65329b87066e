// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.util.List;

/** What the files of a log are called. */
final class LogNames {
    private LogNames() {}

    /** {@return the names of the files that a format writes: one for both outputs, or one for each, in their order} */
    static List<String> of(LogFormat format) {
        return format == LogFormat.RAW ? List.of("stdout.log", "stderr.log") : List.of("container.log");
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
