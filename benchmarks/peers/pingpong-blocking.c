// SPDX-License-Identifier: Apache-2.0
// Ping-pong by blocking reads: each thread sleeps in read(2).
#include "pingpong.h"

static void prepare(struct side *side) {
    (void) side;
}

static void receive(struct side *side) {
    char byte;
    if (read(side->in, &byte, 1) != 1) give_up("read");
}
