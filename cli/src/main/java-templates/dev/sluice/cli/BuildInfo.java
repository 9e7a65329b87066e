// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

/** What the build knows, as constants: a resource would cost the start-up an opened jar. */
public final class BuildInfo {
    /** The version of this build. */
    public static final String VERSION = "${project.version}";

    private BuildInfo() {}
}
