// SPDX-License-Identifier: Apache-2.0

/** System calls through java.lang.foreign, errno, structs: the only place that knows the kernel's ABI. */
@NullMarked
package dev.sluice.internal.linux;

import org.jspecify.annotations.NullMarked;
