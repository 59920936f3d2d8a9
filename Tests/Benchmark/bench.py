#!/usr/bin/env python3
"""ClusterDNS beside other name servers, on one machine, in one run. docs/benchmark.md explains the method.

    bench.py --setup         install the peers and tools from Debian, once
    bench.py --quick         under a minute
    bench.py                 about twelve minutes, with three sizes of cluster
    bench.py --callgrind     count instructions of a query instead of time
    bench.py --forwarding    caches, forwarding and their accidents alone
"""
import argparse
import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import cluster
import forwarding
import measure
import peers
from forwarding_report import print_forwarding, wrong_of as wrong_of_forwarding
from measure import say
from process import LOAD_CPU
from report import print_instructions, print_report, text, wrong_of
from server import ClusterDNS, Inputs, Limit

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
TOOLS = ["gcc", "libc6-dev", "valgrind"]
PROGRAMS = {
    "load": ["load.c", "load_account.c", "load_udp.c", "load_tcp.c", "queries.c"],
    "echo": ["echo.c", "echo_table.c", "queries.c"],
    "upstream": ["upstream.c"],
}


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--setup", action="store_true", help="install Debian packages (as root) and leave")
    parser.add_argument("--quick", action="store_true", help="two short rounds, three peers, one size")
    parser.add_argument("--callgrind", action="store_true", help="instructions of a query, with 1,000 Services")
    parser.add_argument("--forwarding", action="store_true", help="the forwarding tables alone")
    parser.add_argument("--bin", metavar="PATH", help="the clusterdns to measure; without it a release is built")
    parser.add_argument("--coredns", metavar="PATH", help="a coredns to measure as well")
    parser.add_argument("--only", metavar="NAMES", help="these servers only, with commas: clusterdns,gdnsd,echo")
    parser.add_argument("--services", type=int, default=10_000, help="of the rounds (10000)")
    parser.add_argument("--sizes", default="1000,10000,100000", help="of start, memory and change; empty for none")
    parser.add_argument("--rounds", type=int, help="5, or 2 with --quick")
    parser.add_argument("--seconds", type=float, help="of each run: 1.0, or 0.5 with --quick")
    parser.add_argument("--rate", type=int, default=50_000, help="queries a second for latency (50000)")
    parser.add_argument("--port", type=int, default=15300, help="first of the ports used (15300)")
    parser.add_argument("--budget", type=float, default=460, help="seconds; what does not fit is left out and named")
    parser.add_argument("--work", metavar="FOLDER", help="keep generated clusters and logs here")
    parser.add_argument("--json", metavar="FILE", help="every number of every run")
    chosen = parser.parse_args()
    chosen.rounds = chosen.rounds if chosen.rounds is not None else 2 if chosen.quick else 5
    chosen.seconds = chosen.seconds or (0.5 if chosen.quick else 1.0)
    if chosen.quick:
        chosen.sizes = str(chosen.services)
    return chosen


def set_up():
    """Debian starts a packaged server as soon as it is installed; a policy that says no prevents that."""
    policy = "/usr/sbin/policy-rc.d"
    is_ours = not os.path.exists(policy)
    if is_ours:
        with open(policy, "w") as file:
            file.write("#!/bin/sh\nexit 101\n")
        os.chmod(policy, 0o755)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(["apt-get", "update"], env=quiet, check=True)
        install = ["apt-get", "install", "-y", "--no-install-recommends"]
        subprocess.run([*install, *TOOLS, *peers.PACKAGES], env=quiet, check=True)
    finally:
        if is_ours:
            os.remove(policy)


class Bench:
    def __init__(self, chosen, work):
        self.chosen, self.work = chosen, work
        self.begin, self.next_port = time.monotonic(), chosen.port
        self.results, self.inputs, self.forwarded = {}, {}, {}
        self.rounds_done, self.has_failed = 0, False
        self.binary = self.build() if self.wants("clusterdns") else None
        self.compile()
        self.loader = measure.Loader(f"{work}/load")
        peers.CoreDNS.path = chosen.coredns and os.path.abspath(chosen.coredns)

    def build(self):
        if self.chosen.bin:
            if not os.access(self.chosen.bin, os.X_OK):
                sys.exit(f"{self.chosen.bin} is not a program")
            return os.path.abspath(self.chosen.bin)
        command = ["swift", "build", "-c", "release", "--product", "clusterdns"]
        if subprocess.run(command, cwd=REPOSITORY, stdout=sys.stderr, check=False).returncode:
            sys.exit("clusterdns does not build; --bin PATH measures another, --only gdnsd,echo none")
        self.begin = time.monotonic()  # the budget is for measuring
        return f"{REPOSITORY}/.build/release/clusterdns"

    def compile(self):
        if not shutil.which("gcc"):
            sys.exit("gcc is missing; bench.py --setup installs it")
        for program, sources in PROGRAMS.items():
            paths = [f"{HERE}/{source}" for source in sources]
            subprocess.run(["gcc", "-O2", "-o", f"{self.work}/{program}", *paths], check=True)

    # Who takes part
    def wants(self, name):
        return not self.chosen.only or name in self.chosen.only.split(",")

    def at(self, services):
        """The cluster of that size, made when first needed."""
        if services not in self.inputs:
            folder = f"{self.work}/cluster-{services}"
            if not os.path.exists(f"{folder}/facts.json"):
                say(f"making a cluster of {services:,} Services")
                cluster.generate(folder, services)
            self.inputs[services] = Inputs(folder, services)
        return self.inputs[services]

    def port(self):
        self.next_port += 10  # a server may use the ports up to the next one
        return self.next_port - 10

    def peers(self, services):
        candidates = [*(peers.QUICK if self.chosen.quick else peers.ALL)]
        if self.chosen.coredns and peers.CoreDNS not in candidates:
            candidates.append(peers.CoreDNS)
        for peer in candidates:
            if not self.wants(peer.name):
                continue
            if peer.is_installed():
                yield peer(self.at(services), self.work, self.port())
            elif peer is not peers.CoreDNS:
                say(f"{peer.name} is not installed; bench.py --setup installs it")

    def own(self, services, *forms):
        for form in forms if self.binary else ():
            yield ClusterDNS(self.at(services), self.work, self.port(), self.binary, form)

    def limits(self, services):
        for way in ("udp", "table", "tcp") if self.wants("echo") else ():
            yield Limit(self.at(services), self.work, self.port(), f"{self.work}/echo", way)

    def result(self, server):
        empty = {"name": server.name, "form": server.form, "kind": server.kind, "rounds": {}, "life": {}}
        return self.results.setdefault(server.title, empty)

    def has_time(self, share=1.0, needed=0.0):
        return time.monotonic() - self.begin + needed < self.chosen.budget * share

    # What is measured
    def start_all(self, candidates):
        running = []
        for server in candidates:
            if server.start() is not None:
                running.append(server)
                continue
            say(f"{server.title}: no right answer; {server.last_words()}")
            self.has_failed |= server.kind == "own"
            server.stop()
        return running

    def rounds(self):
        """Short runs in turn, all servers up: noise of the machine hits all alike."""
        services = self.chosen.services
        running = []
        try:
            running = self.start_all([*self.limits(services), *self.peers(services), *self.own(services, "folder")])
            for number in range(self.chosen.rounds):
                if not self.has_time(0.5):
                    say(f"no time for more than {number} rounds")
                    break
                self.one_round(running, number)
            if self.chosen.rounds:
                self.all_under_changes(running)
        finally:
            for server in running:
                server.stop()

    def one_round(self, running, number):
        costs = []
        for server in running:
            has_streams = number == 0 or not self.chosen.quick
            figures = measure.one_round(self.loader, server, self.chosen.seconds, self.chosen.rate, has_streams)
            for figure, run in figures.items():
                self.result(server)["rounds"].setdefault(figure, []).append(run)
            if "saturated" in figures:
                costs.append(f"{server.title} {text(figures['saturated']['cpu'], 2)}")
        self.rounds_done = number + 1
        say(f"round {number + 1} of {self.chosen.rounds}, µs/q: {', '.join(costs)}")

    def all_under_changes(self, running):
        for server in running:
            if server.has_changes:
                self.under_changes(server)
        if not self.chosen.quick:
            # One big file is another way through the server than a folder of small ones.
            for server in self.start_all(self.own(self.chosen.services, "yaml")):
                running.append(server)
                self.under_changes(server)

    def under_changes(self, server):
        seconds = 1.5 if self.chosen.quick else 3
        run = measure.under_changes(self.loader, server, seconds, self.chosen.rate // 2)
        self.result(server)["under_changes"] = run
        say(f"{server.title}: {run['made']} changes under load, {run['lost']} lost, {run['wrong']} wrong")

    def lives(self):
        for services in [int(size) for size in self.chosen.sizes.split(",") if size]:
            candidates = [*self.own(services, "folder", "yaml", "json"), *self.peers(services)]
            for server in candidates:
                # About what NSD, the slowest of the peers to start and reload, takes here.
                if not self.has_time(needed=services / 5000):
                    say(f"{server.title} with {services:,} Services: no time left")
                    continue
                is_slow = services > 20_000 and server.kind == "peer"
                life = measure.life(server, 1 if self.chosen.quick or is_slow else 3)
                self.result(server)["life"][services] = life
                self.has_failed |= server.kind == "own" and not life.get("changes")
                shutil.rmtree(server.folder, ignore_errors=True)
                start = "never" if life["start"] is None else f"{life['start']:.2f} s"
                say(f"{server.title} with {services:,} Services: first right answer after {start}")

    def forwarding(self):
        part = forwarding.Forwarding(self)
        self.forwarded = part.run()
        self.names_outside = part.queries.names

    def callgrind(self):
        """One server at a time; few Services, as valgrind makes loading slow and the count hardly depends on them."""
        for server in [*self.own(1000, "folder"), *self.limits(1000), *self.peers(1000)]:
            if server.has_udp:
                count = measure.instructions(self.loader, server, self.work)
                self.result(server)["instructions"] = count
                say(f"{server.title}: {text(count, 0)} user instructions a query")

    def settings(self, load_before):
        return {
            "date": datetime.datetime.now().isoformat(timespec="seconds"),
            "machine": " ".join(os.uname()[i] for i in (0, 2, 4)),
            "services": 1000 if self.chosen.callgrind else self.chosen.services,
            "rate": self.chosen.rate,
            "seconds": self.chosen.seconds,
            "rounds_done": self.rounds_done,
            "load_average": [load_before, os.getloadavg()[0]],
            "took": round(time.monotonic() - self.begin, 1),
        }


def run(chosen, work):
    load_before = os.getloadavg()[0]
    bench = Bench(chosen, work)
    os.sched_setaffinity(0, {LOAD_CPU})
    if chosen.callgrind:
        bench.callgrind()
    elif chosen.forwarding:
        bench.forwarding()
    else:
        bench.rounds()
        bench.lives()
        if not chosen.quick:
            bench.forwarding()
    settings = bench.settings(load_before)
    if chosen.callgrind:
        print_instructions(bench.results)
    else:
        print_report(bench.results, settings)
        if bench.forwarded:
            print_forwarding(bench.forwarded, bench.names_outside)
    print(f"{settings['took']:.0f} s")
    if chosen.json:
        with open(chosen.json, "w") as file:
            json.dump({"settings": settings, "servers": bench.results, "forwarding": bench.forwarded}, file, indent=1)
    own = [result for result in bench.results.values() if result["kind"] == "own"]
    is_wrong = any(wrong_of(result) for result in own) or wrong_of_forwarding(bench.forwarded.get("clusterdns", {}))
    return 1 if bench.has_failed or is_wrong else 0


def main():
    chosen = options()
    if chosen.setup:
        set_up()
        return 0
    if not {0, LOAD_CPU} <= os.sched_getaffinity(0):
        sys.exit("bench.py needs CPU 0 for the server and CPU 1 for the load")
    if chosen.callgrind and not shutil.which("valgrind"):
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
