// SPDX-License-Identifier: Apache-2.0

/** {@code sluice containerd-logger}. */
@NullMarked
package dev.sluice.cli.logger;

import org.jspecify.annotations.NullMarked;
