// SPDX-License-Identifier: Apache-2.0
/** A container's log on disk: its formats, how it is written and rotated, and how it is read. */
@NullMarked
package dev.sluice.containers.log;

import org.jspecify.annotations.NullMarked;
