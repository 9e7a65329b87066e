// SPDX-License-Identifier: Apache-2.0

/** Programs that show what Sluice does. */
@NullMarked
package dev.sluice.examples;

import org.jspecify.annotations.NullMarked;
