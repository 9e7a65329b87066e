# SPDX-License-Identifier: Apache-2.0
"""The copiers of standard input to standard output, and the table of how they did."""

from places import SLUICE, peer
from rounds import markdown, median, ratios, spread

REFERENCE = "C splice"
KEPT = "sluice --pipe-size keep"

COPIERS = {
    REFERENCE: [peer("splice-copy")],
    "cat": ["cat"],
    "sluice": [SLUICE, "copy", "-", "-"],
    # By itself, sluice grows pipes that are smaller than 1 MiB where the flow is large.
    KEPT: [SLUICE, "copy", "--pipe-size", "keep", "-", "-"],
    "C read/write": [peer("readwrite-copy")],
    "Go io.Copy": [peer("copy-go")],
    "pv -q": ["pv", "-q"],
    "socat": ["socat", "-u", "-b65536", "-", "-"],
}


def table(results, unit, units):
    """Throughput and CPU of each copier, and both against the C splice loop and cat within the same round.

    The last column is the CPU that producer, copier and consumer took together: on one CPU its inverse is
    the throughput that a machine with nothing else to do would show.
    """
    rate = {name: [w.bytes / unit / w.seconds for w in windows] for name, windows in results.items()}
    cpu = {name: [w.copier_cpu / w.bytes * unit for w in windows] for name, windows in results.items()}
    whole = {name: [w.all_cpu / w.bytes * unit for w in windows] for name, windows in results.items()}

    def against(figures, name, reference):
        return f"{median(ratios(figures[name], figures[reference])):.2f}" if reference in figures else "-"

    header = ["copier", f"{units}/s", "of C splice", "of cat",
              f"copier CPU s/{units}", "of C splice", "of cat", f"all CPU s/{units}"]
    rows = [[name,
             spread(rate[name], ".3g"), against(rate, name, REFERENCE), against(rate, name, "cat"),
             spread(cpu[name], ".3g"), against(cpu, name, REFERENCE), against(cpu, name, "cat"),
             f"{median(whole[name]):.3g}"] for name in results]
    return markdown(header, rows)
