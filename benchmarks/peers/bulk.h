// SPDX-License-Identifier: Apache-2.0
// Sending and discarding as fast as it goes, one piece a call.
//
// By reference, pages of a memory file are sent with sendfile(2), and what comes is discarded with MSG_TRUNC, which
// for TCP drops the data uncopied (tcp(7)). That takes the ends' own copying out of the picture.
#ifndef BULK_H
#define BULK_H

#include "net.h"
#include <sys/mman.h>
#include <sys/sendfile.h>

static struct {
    size_t chunk;
    int by_reference;
    char *buffer;
    int file;
} bulk = {.chunk = 256 << 10};

static void bulk_prepare(void) {
    bulk.buffer = aligned_alloc(4096, (bulk.chunk + 4095) & ~4095ULL);
    if (!bulk.buffer) give_up("aligned_alloc");
    memset(bulk.buffer, 's', bulk.chunk);
    if (!bulk.by_reference) return;
    bulk.file = memfd_create("bulk", MFD_CLOEXEC);
    if (bulk.file < 0 || write(bulk.file, bulk.buffer, bulk.chunk) != (ssize_t) bulk.chunk) give_up("memfd_create");
}

// Both return 0 once the peer has gone, and else 1; that nothing could be moved just now is 1 as well.

static int bulk_send(int fd) {
    off_t start = 0;
    ssize_t n = bulk.by_reference ? sendfile(fd, bulk.file, &start, bulk.chunk)
                                  : send(fd, bulk.buffer, bulk.chunk, MSG_NOSIGNAL);
    return n >= 0 || errno == EAGAIN || errno == EINTR;
}

static int bulk_discard(int fd, uint64_t *count) {
    ssize_t n = recv(fd, bulk.buffer, bulk.chunk, bulk.by_reference ? MSG_TRUNC : 0);
    if (n > 0) *count += n;
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

#endif
