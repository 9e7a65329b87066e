# SPDX-License-Identifier: Apache-2.0
"""What a process takes, seen from outside: memory, CPU, descriptors; and of a JVM, its live heap."""

import os
import re
import subprocess
import time

import java

def resident(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup") as lines:
            total += next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Rss:"))
    return total


def cpu_seconds(pids):
    """All threads, ended ones included, in nanoseconds: the kernel's CPU clocks of those processes."""
    return sum(time.clock_gettime((~pid << 3) | 2) for pid in pids)


def context_switches(pids):
    """Of all threads that live: how often one has gone to sleep."""
    total = 0
    for pid in pids:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/status") as lines:
                total += next(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt"))
    return total


def descriptors(pids):
    return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in pids)


def is_jvm(pid):
    return os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "java"


def jcmd(pid, word):
    return subprocess.run([java.tool("jcmd"), str(pid), word], check=True, stdout=subprocess.PIPE, text=True).stdout


def heap_spaces(pid):
    """(bytes in use, first address, address after the last) of each generation of the serial collector."""
    spaces = re.findall(r"^ *(?:DefNew|Tenured)\b.* used (\d+)K +\[(0x[0-9a-f]+), 0x[0-9a-f]+, (0x[0-9a-f]+)\)",
                        jcmd(pid, "GC.heap_info"), re.MULTILINE)
    if not spaces:
        raise RuntimeError("no heap of the serial collector")
    return [(int(used) * 1024, int(first, 16), int(last, 16)) for used, first, last in spaces]


def live_heap(pid):
    jcmd(pid, "GC.run")
    return sum(used for used, _, _ in heap_spaces(pid))


def resident_outside_heap(pid):
    spaces = heap_spaces(pid)
    heap = resident_within(pid, min(first for _, first, _ in spaces), max(last for _, _, last in spaces))
    return resident([pid]) - heap


def resident_within(pid, low, high):
    total, inside = 0, False
    with open(f"/proc/{pid}/smaps") as lines:
        for line in lines:
            bounds = re.match(r"([0-9a-f]+)-([0-9a-f]+) ", line)
            if bounds:
                inside = low <= int(bounds.group(1), 16) < high
            elif inside and line.startswith("Rss:"):
                total += int(line.split()[1]) * 1024
    return total
