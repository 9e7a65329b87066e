// SPDX-License-Identifier: Apache-2.0

/** Benchmarks, each named for the question it answers. */
@NullMarked
package dev.sluice.benchmarks;

import org.jspecify.annotations.NullMarked;
