// SPDX-License-Identifier: Apache-2.0
// Standard input to standard output by a blocking splice(2) loop: the limit for any copier between pipes.
#include "peers.h"

int main(void) {
    for (;;) {
        ssize_t n = splice(0, NULL, 1, NULL, 1 << 20, SPLICE_F_MOVE);
        if (n == 0) return 0;
        if (n < 0 && errno != EINTR) give_up("splice");
    }
}
