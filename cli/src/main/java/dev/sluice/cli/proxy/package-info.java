// SPDX-License-Identifier: Apache-2.0

/** {@code sluice proxy}. */
@NullMarked
package dev.sluice.cli.proxy;

import org.jspecify.annotations.NullMarked;
