// SPDX-License-Identifier: Apache-2.0

/** All that a user of Sluice touches. */
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
