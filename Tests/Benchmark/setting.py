"""What the parts of the benchmark share: programs, clusters, ports, who takes part, and where results go."""
import contextlib
import datetime
import os
import shutil
import subprocess
import sys
import time

import cluster
import measure
import peers
from measure import say
from server import ClusterDNS, Inputs, Limit

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
PROGRAMS = {
    "load": ["load.c", "load_account.c", "load_udp.c", "load_flood.c", "load_tcp.c", "queries.c"],
    "echo": ["echo.c", "echo_table.c", "queries.c"],
    "upstream": ["upstream.c"],
    "sigsuspend.so": ["sigsuspend.c"],
}
NOT_EVERYWHERE = 20_000  # Services above which inputs are made in the forms that are needed only


class Setting:
    def __init__(self, chosen, work):
        self.chosen, self.work = chosen, work
        self.begin, self.next_port = time.monotonic(), chosen.port
        self.load_before = os.getloadavg()[0]
        self.results, self.extra, self.forwarded, self.inputs = {}, {}, {}, {}
        self.names_outside, self.took = 0, {}
        self.rounds_done, self.has_failed = 0, False
        self.binary = self.build() if self.wants("clusterdns") else None
        self.compile()
        self.loader = measure.Loader(f"{work}/load")
        peers.CoreDNS.path = chosen.coredns and os.path.abspath(chosen.coredns)
        self.say_who_is_missing()

    # Programs
    def build(self):
        if self.chosen.bin:
            if not os.access(self.chosen.bin, os.X_OK):
                sys.exit(f"{self.chosen.bin} is not a program")
            return os.path.abspath(self.chosen.bin)
        command = ["swift", "build", "-c", "release", "--product", "clusterdns"]
        if subprocess.run(command, cwd=REPOSITORY, stdout=sys.stderr, check=False).returncode:
            sys.exit("clusterdns does not build; --bin PATH measures another, --only gdnsd,echo none")
        self.begin = time.monotonic()  # the time is for measuring
        return f"{REPOSITORY}/.build/release/clusterdns"

    def compile(self):
        if not shutil.which("gcc"):
            sys.exit("gcc is missing; bench.py --setup installs it")
        for program, sources in PROGRAMS.items():
            paths = [f"{HERE}/{source}" for source in sources]
            kind = ["-shared", "-fPIC"] if program.endswith(".so") else []
            subprocess.run(["gcc", "-O2", *kind, "-o", f"{self.work}/{program}", *paths], check=True)

    # Clusters
    def at(self, services):
        """The cluster of that size, made when first needed."""
        if services not in self.inputs:
            forms = ["folder", "yaml", "zones"]
            if services <= NOT_EVERYWHERE or self.chosen.coredns:
                forms.append("json")
            self.inputs[services] = self.made(f"cluster-{services}", services, forms=forms)
        return self.inputs[services]

    def crowded(self, services):
        """A cluster with five endpoints for a Service, as a folder alone."""
        return self.made(f"crowded-{services}", services, is_crowded=True, forms=["folder"])

    def made(self, name, services, **how):
        folder = f"{self.work}/{name}"
        if not os.path.exists(f"{folder}/facts.json"):
            begin = time.monotonic()
            cluster.generate(folder, services, **how)
            say(f"made a cluster of {services:,} Services in {time.monotonic() - begin:.1f} s")
        return Inputs(folder, services)

    # Who takes part
    def has(self, part):
        return part in self.chosen.parts

    def wants(self, name):
        return not self.chosen.only or name in self.chosen.only.split(",")

    def wanted_peers(self):
        candidates = [*(peers.QUICK if self.chosen.quick else peers.ALL)]
        if self.chosen.coredns:
            candidates.append(peers.CoreDNS)
        return [peer for peer in candidates if self.wants(peer.name)]

    def say_who_is_missing(self):
        if missing := [peer.name for peer in self.wanted_peers() if not peer.is_installed()]:
            say(f"not installed: {', '.join(missing)}; bench.py --setup installs them and starts none")

    def port(self):
        self.next_port += 10  # a server may use the ports up to the next one
        return self.next_port - 10

    def peers(self, services):
        for peer in self.wanted_peers():
            if peer.is_installed() and services <= peer.largest:
                yield peer(self.at(services), self.work, self.port())

    def own(self, services, *forms, inputs=None, binary=None, **how):
        for form in forms if self.binary else ():
            place = inputs or self.at(services), self.work, self.port()
            yield ClusterDNS(*place, binary or self.binary, form, **how)

    def limits(self, services, *ways):
        for way in ways if self.wants("echo") else ():
            yield Limit(self.at(services), self.work, self.port(), f"{self.work}/echo", way)

    # Running
    def start_all(self, candidates):
        """Those of the servers that come up; they are the caller's to stop."""
        running = []
        for server in candidates:
            if server.start() is not None:
                running.append(server)
                continue
            say(f"{server.title}: no right answer; {server.last_words()}")
            self.has_failed |= server.kind == "own"
            server.stop()
        return running

    @contextlib.contextmanager
    def all_up(self, candidates):
        """Those of the servers that come up, for as long as they are needed."""
        candidates = list(candidates)
        try:
            yield self.start_all(candidates)
        finally:
            for server in candidates:
                server.stop()

    def part(self, name, body):
        if not self.has_time():
            say(f"{name}: no time left")
            return
        begin = time.monotonic()
        body(self)
        self.took[name] = round(time.monotonic() - begin, 1)
        say(f"[{name}: {self.took[name]:.0f} s]")

    def has_time(self, needed=0.0):
        return time.monotonic() - self.begin + needed < self.chosen.time

    # Results
    def result(self, server):
        empty = {"name": server.name, "form": server.form, "kind": server.kind, "rounds": {}, "life": {}}
        return self.results.setdefault(server.title, empty)

    def note(self, server, figures):
        for figure, run in figures.items():
            self.result(server)["rounds"].setdefault(figure, []).append(run)

    def facts(self):
        return {
            "date": datetime.date.today().isoformat(),
            "machine": machine(),
            "versions": peers.versions([peer.package for peer in self.wanted_peers() if peer.is_installed()]),
            "services": self.chosen.services,
            "rate": self.chosen.rate,
            "seconds": self.chosen.seconds,
            "rounds_done": self.rounds_done,
            "load_average": [self.load_before, os.getloadavg()[0]],
            "parts": self.took,
            "took": round(time.monotonic() - self.begin, 1),
        }


def machine():
    system = os.uname()
    model = "CPUs"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {model}, {memory:.0f} GiB, {system.sysname} {system.release}"
