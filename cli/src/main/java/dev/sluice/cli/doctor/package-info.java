// SPDX-License-Identifier: Apache-2.0

/** {@code sluice doctor}. */
@NullMarked
package dev.sluice.cli.doctor;

import org.jspecify.annotations.NullMarked;
