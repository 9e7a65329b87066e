// SPDX-License-Identifier: Apache-2.0
/** From a container's descriptors to its log: decoding, cutting into lines, and how often the readers wake. */
@NullMarked
package dev.sluice.containers.intake;

import org.jspecify.annotations.NullMarked;
