// SPDX-License-Identifier: Apache-2.0
/**
 * What containerd hands out: the descriptors of a {@code binary://} logger, and the FIFOs of a container's standard
 * streams.
 */
@NullMarked
package dev.sluice.containers.containerd;

import org.jspecify.annotations.NullMarked;
