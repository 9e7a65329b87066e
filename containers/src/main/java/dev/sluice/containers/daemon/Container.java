// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.containers.log.ContainerDescription;

/** A container that is live: its output is read and logged. */
public final class Container {
    private final ContainerDescription description;

    Container(ContainerDescription description) {
        this.description = description;
    }

    /** {@return what its folder is called} */
    public String id() {
        return description.id();
    }

    /** {@return who it is, and how it is logged} */
    public ContainerDescription description() {
        return description;
    }
}
