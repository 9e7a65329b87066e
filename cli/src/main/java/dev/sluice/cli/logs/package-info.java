// SPDX-License-Identifier: Apache-2.0

/** {@code sluice logs}. */
@NullMarked
package dev.sluice.cli.logs;

import org.jspecify.annotations.NullMarked;
