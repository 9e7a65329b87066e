// SPDX-License-Identifier: Apache-2.0
/** The command {@code sluice docker-log-driver}. */
@NullMarked
package dev.sluice.cli.docker;

import org.jspecify.annotations.NullMarked;
