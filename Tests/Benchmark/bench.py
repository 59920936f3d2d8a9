#!/usr/bin/env python3
"""ClusterDNS beside other name servers, on one machine, in one run. docs/benchmark.md explains the method.

    bench.py --setup                install the peers and tools from Debian, once
    bench.py                        everything, in less than ten minutes
    bench.py --quick                in less than one
    bench.py --parts udp,tcp        some parts: udp tcp changes workers overload scale million instructions
    bench.py --forwarding           caches, forwarding and their accidents alone
    bench.py --callgrind            instructions of a query alone; with --budget N it fails above so many
    bench.py --write-docs           everything, and docs/benchmark.md with its charts written anew
"""
import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

import changing
import document
import earlier
import forwarding
import instructions
import peers
import rounds
import scale
import strain
import verdict
from forwarding_report import print_forwarding
from forwarding_report import wrong_of as wrong_of_forwarding
from process import CPUS, LOAD_CPU
from report import print_instructions, print_report, wrong_of
from setting import REPOSITORY, Setting

TOOLS = ["gcc", "libc6-dev", "binutils", "valgrind"]
# In the order of a full run; `udp` and `tcp` share their rounds.
PARTS = {
    "udp": rounds.run,
    "tcp": rounds.run,
    "changes": changing.run,
    "workers": strain.workers,
    "overload": strain.overload,
    "instructions": instructions.run,
    "scale": scale.run,
    "million": scale.million,
}
QUICK = ("udp", "tcp", "changes", "scale")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--setup", action="store_true", help="install Debian packages (as root) and leave")
    parser.add_argument("--quick", action="store_true", help="two short rounds, three peers, one size")
    parser.add_argument("--parts", metavar="NAMES", help="these parts only, with commas; none for what --add has")
    parser.add_argument("--forwarding", action="store_true", help="the forwarding tables alone")
    parser.add_argument("--callgrind", action="store_true", help="as --parts instructions")
    parser.add_argument("--budget", type=float, metavar="N", help="user instructions of a query that are too many")
    parser.add_argument("--bin", metavar="PATH", help="the clusterdns to measure; without it a release is built")
    parser.add_argument("--coredns", metavar="PATH", help="a coredns to measure as well")
    parser.add_argument("--only", metavar="NAMES", help="these servers only, with commas: clusterdns,gdnsd,echo")
    parser.add_argument("--services", type=int, default=10_000, help="of the rounds (10000)")
    parser.add_argument("--sizes", default="1000,10000,100000", help="of the part scale (1000,10000,100000)")
    parser.add_argument("--rounds", type=int, help="5, or 2 with --quick")
    parser.add_argument("--seconds", type=float, help="of a run: 0.5, or 0.3 with --quick")
    parser.add_argument("--changing", type=float, default=60, help="seconds of 1,000 changes each (60)")
    parser.add_argument("--rate", type=int, default=50_000, help="queries a second for latency (50000)")
    parser.add_argument("--port", type=int, default=15300, help="first of the ports used (15300)")
    parser.add_argument("--time", type=float, default=580, help="seconds; what does not fit is left out and named")
    parser.add_argument("--work", metavar="FOLDER", help="keep generated clusters and logs here")
    parser.add_argument("--json", metavar="FILE", help="every number of every run")
    parser.add_argument("--add", metavar="FILES", help="--json files of earlier runs that had the other parts, with commas")
    parser.add_argument("--write-docs", action="store_true", help="results and charts into docs/")
    chosen = parser.parse_args()
    chosen.rounds = chosen.rounds if chosen.rounds is not None else 2 if chosen.quick else 5
    chosen.seconds = chosen.seconds or (0.3 if chosen.quick else 0.5)
    if chosen.quick:
        chosen.sizes = str(chosen.services)
    chosen.parts = parts_of(chosen, parser)
    return chosen


def parts_of(chosen, parser):
    if chosen.forwarding:
        return []
    if chosen.callgrind:
        return ["instructions"]
    if not chosen.parts:
        return list(QUICK if chosen.quick else PARTS)
    parts = [] if chosen.parts == "none" else chosen.parts.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return [part for part in PARTS if part in parts]


def set_up():
    """.ci/install keeps the packages' own services from starting, now and at the next boot."""
    return subprocess.run([f"{REPOSITORY}/.ci/install", *TOOLS, *peers.PACKAGES], check=False).returncode


def measure_all(bench):
    os.sched_setaffinity(0, {LOAD_CPU})
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a server may take as many connections as it can
    if bench.chosen.forwarding:
        part = forwarding.Forwarding(bench)
        bench.forwarded = part.run()
        bench.names_outside = part.queries.names
    done = set()
    for part in bench.chosen.parts:
        if PARTS[part] not in done:
            bench.part(part, PARTS[part])
        done.add(PARTS[part])


def print_all(bench, facts):
    if bench.forwarded:
        print_forwarding(bench.forwarded, bench.names_outside)
    elif bench.chosen.parts == ["instructions"]:
        print_instructions(bench.results)
    else:
        judged = [criterion.cells for criterion in verdict.criteria(bench) if criterion.is_met is not None]
        print_report(bench, facts, verdict.HEAD, judged)
    print(f"{facts['took']:.0f} s")


def is_over_budget(bench):
    """Whether a query costs more user instructions than it may; a count that failed is too many as well."""
    budget = bench.chosen.budget
    if budget is None:
        return False
    counts = bench.results.get("clusterdns folder", {}).get("instructions") or {}
    count = counts.get("clients")
    if count is not None and count <= budget:
        return False
    print(f"over budget: {count or 0:,.1f} user instructions a query, {budget:,.0f} at most", file=sys.stderr)
    return True


def run(chosen, work):
    bench = Setting(chosen, work)
    measure_all(bench)
    facts = bench.facts()
    for path in chosen.add.split(",") if chosen.add else ():
        with open(path) as file:
            earlier.add(bench, facts, json.load(file))
    print_all(bench, facts)
    everything = {"facts": facts, "servers": bench.results, "extra": bench.extra, "forwarding": bench.forwarded}
    if chosen.json:
        with open(chosen.json, "w") as file:
            json.dump(everything, file, indent=1)
    if chosen.write_docs:
        document.write(bench, facts, f"{REPOSITORY}/docs")
    own = [result for result in bench.results.values() if result["kind"] == "own"]
    is_wrong = any(wrong_of(result) for result in own) or wrong_of_forwarding(bench.forwarded.get("clusterdns", {}))
    return 1 if bench.has_failed or is_wrong or is_over_budget(bench) else 0


def main():
    chosen = options()
    if chosen.setup:
        return set_up()
    if chosen.parts != ["instructions"] and len(CPUS) < 2:
        sys.exit("bench.py needs a CPU for the server and one for the load")
    if chosen.parts == ["instructions"] and not shutil.which("valgrind"):
        sys.exit("valgrind is missing; bench.py --setup installs it")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped
    if chosen.work:
        os.makedirs(chosen.work, exist_ok=True)
        return run(chosen, os.path.abspath(chosen.work))
    with tempfile.TemporaryDirectory(prefix="clusterdns-bench-") as work:
        os.chmod(work, 0o755)  # some servers change their user
        return run(chosen, work)


if __name__ == "__main__":
    sys.exit(main())
