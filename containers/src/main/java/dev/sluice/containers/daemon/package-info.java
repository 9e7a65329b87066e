// SPDX-License-Identifier: Apache-2.0
/** The process that serves every container of a host: who is live, what was saved, and how the next process goes on. */
@NullMarked
package dev.sluice.containers.daemon;

import org.jspecify.annotations.NullMarked;
