// SPDX-License-Identifier: Apache-2.0
/** Docker's log-driver plugin protocol: JSON and framed log entries over HTTP on a Unix-domain socket. */
@NullMarked
package dev.sluice.containers.docker;

import org.jspecify.annotations.NullMarked;
