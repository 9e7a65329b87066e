# SPDX-License-Identifier: Apache-2.0
"""Where things lie: the C and Go peers, and Sluice itself."""

import os
import shutil
import subprocess
import sys

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
BENCHMARKS = os.path.join(ROOT, "benchmarks")
TARGET = os.path.join(BENCHMARKS, "target")
# The command under test; another build can be measured by SLUICE=/path/to/sluice.
SLUICE = os.environ.get("SLUICE", os.path.join(ROOT, "sluice"))


def peer(name):
    return os.path.join(TARGET, "peers", name)


def build_peers(go=True):
    """Builds the C peers, and the Go ones where Debian's Go can be had."""
    directory = os.path.join(BENCHMARKS, "peers")
    subprocess.run(["make", "-s", "-C", directory], check=True, stdout=sys.stderr)
    if go and subprocess.run(["make", "-s", "-C", directory, "go"], stdout=sys.stderr).returncode != 0:
        print("no Go here: its rows are left out", file=sys.stderr)


def set_up_sluice():
    """On its first use the launcher builds; that is no part of any figure."""
    subprocess.run([SLUICE, "--version"], check=True, stdout=subprocess.DEVNULL)


def present(peers):
    """Those of the peers (name -> command) whose program is here; says on stderr which are left out."""
    found = {}
    for name, command in peers.items():
        program = shutil.which(command[0])
        if program and os.path.isfile(program):
            found[name] = command
        else:
            print(f"left out, no such program: {name} ({command[0]})", file=sys.stderr)
    return found
