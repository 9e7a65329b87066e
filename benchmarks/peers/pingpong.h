// SPDX-License-Identifier: Apache-2.0
// The frame of both ping-pongs: two threads, two pipes, one byte there and one back.
//
//   PROGRAM [WARM_UP_TRIPS] [TRIPS]
//
// Prints nanoseconds per round trip.
#ifndef PINGPONG_H
#define PINGPONG_H

#include "peers.h"
#include <pthread.h>

struct side {
    int in, out;
    int epoll; // pingpong-epoll's own
};

// Given by the program: what it takes to make a side ready, and to receive one byte.
static void prepare(struct side *side);
static void receive(struct side *side);

static long trips = 500000, warm_up_trips = 100000;

static void send_byte(struct side *side) {
    if (write(side->out, "x", 1) != 1) give_up("write");
}

static void *echo(void *argument) {
    struct side *side = argument;
    for (long i = 0; i < warm_up_trips + trips; i++) {
        receive(side);
        send_byte(side);
    }
    return NULL;
}

static void play(struct side *side, long count) {
    for (long i = 0; i < count; i++) {
        send_byte(side);
        receive(side);
    }
}

int main(int argc, char **argv) {
    if (argc > 1) warm_up_trips = atol(argv[1]);
    if (argc > 2) trips = atol(argv[2]);
    int there[2], back[2];
    if (pipe2(there, O_CLOEXEC) != 0 || pipe2(back, O_CLOEXEC) != 0) give_up("pipe2");
    struct side near = {.in = back[0], .out = there[1]}, far = {.in = there[0], .out = back[1]};
    prepare(&near);
    prepare(&far);

    pthread_t thread;
    if ((errno = pthread_create(&thread, NULL, echo, &far))) give_up("pthread_create");
    play(&near, warm_up_trips);
    double start = seconds_of(CLOCK_MONOTONIC);
    play(&near, trips);
    double end = seconds_of(CLOCK_MONOTONIC);
    pthread_join(thread, NULL);
    printf("%.0f\n", (end - start) * 1e9 / trips);
    return 0;
}

#endif
