// SPDX-License-Identifier: Apache-2.0

/** Sockets: their addresses, options and connections. */
@NullMarked
package dev.sluice.internal.net;

import org.jspecify.annotations.NullMarked;
