// SPDX-License-Identifier: Apache-2.0

/** One descriptor's life: its sides, latches and waits; and the pollers under virtual threads. */
@NullMarked
package dev.sluice.internal.poll;

import org.jspecify.annotations.NullMarked;
