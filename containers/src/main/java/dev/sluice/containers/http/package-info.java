// SPDX-License-Identifier: Apache-2.0
/** HTTP/1.1 on the library's own sockets, which can be handed over to another process; and how clients are accepted. */
@NullMarked
package dev.sluice.containers.http;

import org.jspecify.annotations.NullMarked;
