# SPDX-License-Identifier: Apache-2.0
"""A JDK 25 or newer, and the benchmarks' jar."""

import functools
import glob
import os
import re
import shutil
import subprocess
import sys

from places import ROOT, TARGET

JAR = os.path.join(TARGET, "benchmarks.jar")


def feature_version(home):
    try:
        with open(os.path.join(home, "release")) as release:
            return int(re.search(r'JAVA_VERSION="(\d+)', release.read()).group(1))
    except (OSError, AttributeError):
        return 0


@functools.cache
def home():
    """The first JDK 25 or newer, looked for where the launcher looks too."""
    on_path = shutil.which("java")
    candidates = [os.environ.get("SLUICE_JAVA_HOME"), os.environ.get("JAVA_HOME"),
                  on_path and os.path.dirname(os.path.dirname(os.path.realpath(on_path))),
                  *sorted(glob.glob("/usr/lib/jvm/*"))]
    for candidate in filter(None, candidates):
        if feature_version(candidate) >= 25 and os.access(os.path.join(candidate, "bin", "javac"), os.X_OK):
            return candidate
    sys.exit("no JDK 25 or newer found: set JAVA_HOME")


def tool(name):
    return os.path.join(home(), "bin", name)


def program(name, *flags):
    """The command that runs a main class of the benchmarks; arguments may be added."""
    return [tool("java"), "--enable-native-access=ALL-UNNAMED", *flags, "-cp", JAR, "dev.sluice.benchmarks." + name]


def build_jar():
    subprocess.run(["mvn", "-q", "-pl", "benchmarks", "-am", "-DskipTests", "package"],
                   cwd=ROOT, check=True, stdout=sys.stderr)
