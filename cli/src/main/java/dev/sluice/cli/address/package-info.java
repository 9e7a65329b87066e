// SPDX-License-Identifier: Apache-2.0

/** What users write for the ends of a copy, and how each is opened and ended. */
@NullMarked
package dev.sluice.cli.address;

import org.jspecify.annotations.NullMarked;
