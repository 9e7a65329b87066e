// SPDX-License-Identifier: Apache-2.0

/** The command {@code sluice}. */
@NullMarked
package dev.sluice.cli;

import org.jspecify.annotations.NullMarked;
