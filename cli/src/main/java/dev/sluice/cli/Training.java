// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

/**
 * Does once, in one JVM, what users do most, so that the JVM can record it for the start-up cache that the
 * launcher makes. Standard input and output are pipes then. What a command answers does not matter here.
 */
final class Training {
    private static final String[][] COMMANDS = {
        {"--version"}, {"--help"}, {"copy", "--help"}, {"no-such-command"}, {"copy", "--stats=json", "-", "-"},
    };

    private Training() {}

    public static void main(String[] args) {
        for (String[] command : COMMANDS) {
            int ignored = Main.run(command);
        }
    }
}
