// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.proxy;

import org.jspecify.annotations.Nullable;

/**
 * How many threads of the operating system run the proxy's virtual threads.
 *
 * <p>Half as many as there are CPUs, unless the user says so. The other half has the kernel's part of the network to
 * do, and what a proxy does is mostly the kernel's; and each thread more that a message may wake has to be woken, and
 * takes what the other one had in its cache. HAProxy's manual advises to give the network's interrupts a CPU of their
 * own.
 */
final class Carriers {
    private static final String PROPERTY = "jdk.virtualThreadScheduler.parallelism";

    private Carriers() {}

    /**
     * To be called before the first virtual thread is started: the JDK looks once.
     *
     * @param asked how many the user wants, or null
     */
    static void limit(@Nullable Integer asked) {
        if (asked != null) {
            System.setProperty(PROPERTY, asked.toString());
        } else if (System.getProperty(PROPERTY) == null) {
            int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
            System.setProperty(PROPERTY, String.valueOf(half));
        }
    }
}
