// SPDX-License-Identifier: Apache-2.0

/** {@code sluice copy}. */
@NullMarked
package dev.sluice.cli.copy;

import org.jspecify.annotations.NullMarked;
