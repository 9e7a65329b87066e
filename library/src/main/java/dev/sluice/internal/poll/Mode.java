// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

/** How a read or a write of this descriptor is kept from blocking. */
enum Mode {
    /** The file description is ours, and O_NONBLOCK is set. */
    NONBLOCKING,
    /**
     * It is shared, so its flags are not ours to touch, or it lies on a disk, where O_NONBLOCK means nothing:
     * RWF_NOWAIT says it call by call, and where the kernel refuses that, the call runs where it may block.
     */
    NO_WAIT
}
