# SPDX-License-Identifier: Apache-2.0
"""Interleaved rounds: every peer once a round, so that whatever else the machine does hits all alike.

Machines differ and so do minutes. What carries over is the ratio of two peers *within one round*;
hence a ratio here is the median of the rounds' ratios, never a ratio of two medians.
"""

import argparse
import contextlib
import os
import statistics
import sys


def options(description, rounds):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("-r", "--rounds", type=int, default=rounds, help=f"rounds (default {rounds})")
    return parser


def pin(cpus):
    """Pins this process, and so all that it starts, to CPUs given as '1' or '0,1'."""
    os.sched_setaffinity(0, {int(cpu) for cpu in cpus.split(",")})


def last_cpu():
    return str(max(os.sched_getaffinity(0)))


def interleave(peers, rounds, measure):
    """Calls measure(name, command) for each peer in each round; returns name -> list of results, one a round.

    The order turns by one place each round, so that no peer always follows the same neighbour.
    A peer that fails is told on stderr and left out from then on.
    """
    results = {name: [] for name in peers}
    names = list(peers)
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            if name not in results:
                continue
            try:
                results[name].append(measure(name, peers[name]))
            except (RuntimeError, OSError) as failure:
                print(f"left out, failed: {name}: {failure}", file=sys.stderr)
                del results[name]
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return {name: results[name] for name in names if name in results}


def in_turn(peers, rounds, start, measure):
    """The same with all peers running throughout: start(command) is a context, and measure is given what it yields.

    So a round is short, and what it compares is near in time; and each peer warms up but once.
    """
    with contextlib.ExitStack() as all_of_them:
        running = {}
        for name, command in peers.items():
            own = all_of_them.enter_context(contextlib.ExitStack())
            try:
                running[name] = own, own.enter_context(start(command))
            except (RuntimeError, OSError) as failure:
                print(f"left out, failed: {name}: {failure}", file=sys.stderr)

        def once(_, peer):
            own, what = peer
            try:
                return measure(what)
            except (RuntimeError, OSError):
                own.__exit__(*sys.exc_info())  # at once, else it would go on beside the others
                raise

        return interleave(running, rounds, once) if running else {}


def median(values):
    return statistics.median(values)


def ratios(values, reference):
    return [value / other for value, other in zip(values, reference)]


def spread(values, form):
    """'median (least to most)'."""
    return f"{median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def markdown(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "|".join(["---"] * len(header)) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)
