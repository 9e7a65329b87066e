// SPDX-License-Identifier: Apache-2.0

/** The ways in which bytes move from one descriptor to another. */
@NullMarked
package dev.sluice.internal.copy;

import org.jspecify.annotations.NullMarked;
