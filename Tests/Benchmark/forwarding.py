"""What forwarding costs, and what dead upstreams, a flood, reloads and a SIGTERM cost the others: rows of numbers, no verdict.

Everything that is named before its server is asked comes from `queries.txt`; names outside the cluster end in OUTSIDE, and
are as long as the ones inside, so that answers of both kinds have the same size.
"""
import os
import random
import signal
import subprocess
import threading
import time

import measure
from forwarders import DeadUpstream, DnsmasqForwarder, OwnForwarder, UnboundForwarder, Upstream
from measure import say
from peers import program

INSIDE, OUTSIDE = "svc.cluster.local", "svc.outside.tests"
HIT_NAMES = 5000  # fewer than the 9,984 that a cache holds by default
LAMEDUCK = 3.0  # seconds, as the Corefile says
FLOOD_RATE, CLUSTER_RATE, WARM_RATE = 2000, 5000, 5000
RELOADS = 200
ALL = ("clusterdns", "unbound", "dnsmasq")


class Queries:
    """Files of queries for the load generator, made of the cluster's own."""

    def __init__(self, inputs, folder):
        os.makedirs(folder, exist_ok=True)
        with open(f"{inputs.folder}/cluster.local.zone") as file:
            aliases = {words[0] for words in map(str.split, file) if words[3] == "CNAME"}
        with open(f"{inputs.folder}/queries.txt") as file:
            lines = [line for line in file if line.split()[0] + "." not in aliases]
        addresses = [line for line in lines if line.split()[1:4] == ["A", "0", "1"]]
        names = sorted({line.split()[0] for line in addresses})[:HIT_NAMES]
        inside = [line for line in addresses if line.split()[0] in set(names)][:50_000]
        outside = [line.replace(INSIDE, OUTSIDE) for line in inside]
        # Of the eight octets that `--unique` writes over, none is a dot.
        missing = ["00000000" + line if line.index(".") < 8 else line for line in outside]
        self.cluster = self.write(folder, "cluster", lines)
        self.inside = self.write(folder, "inside", inside)
        self.outside = self.write(folder, "outside", outside)
        self.each_name = self.write(folder, "each-name", sorted(set(outside)))
        self.missing = self.write(folder, "missing", missing)
        self.mixed = self.write(folder, "mixed", [line for pair in zip(lines, outside) for line in pair])
        self.names = len({line.split()[0] for line in outside})

    @staticmethod
    def write(folder, name, lines):
        path = f"{folder}/{name}.txt"
        with open(path, "w") as file:
            file.writelines(lines)
        return path


class Forwarding:
    def __init__(self, bench):
        self.bench, self.loader, self.chosen = bench, bench.loader, bench.chosen
        self.inputs = bench.at(bench.chosen.services)
        self.queries = Queries(self.inputs, f"{bench.work}/forwarding")
        self.results = {}

    def result(self, server, row):
        return self.results.setdefault(server.title, {}).setdefault(row, {})

    def servers(self, upstreams, kinds=ALL):
        ports = [upstream.port for upstream in upstreams]
        place = self.inputs, self.bench.work
        if "clusterdns" in kinds and self.bench.binary:
            yield OwnForwarder(*place, self.bench.port(), self.bench.binary, ports)
        if "unbound" in kinds and self.bench.wants("unbound") and program("unbound"):
            yield UnboundForwarder(*place, self.bench.port(), ports)
        if "dnsmasq" in kinds and self.bench.wants("dnsmasq") and program("dnsmasq"):
            yield DnsmasqForwarder(*place, self.bench.port(), ports)

    def patient(self, upstreams, kinds=ALL):
        """The same for runs in which a pause of the machine must not show as a refusal."""
        for server in self.servers(upstreams, kinds):
            server.max_concurrent = 50_000
            yield server

    def upstream(self):
        return Upstream(f"{self.bench.work}/upstream", f"{self.bench.work}/upstream-log", self.bench.port())

    def each(self, upstreams, body, servers, kinds=ALL):
        """Runs `body` with one server after the other."""
        try:
            for server in servers(upstreams, kinds):
                try:
                    if self.bench.start_all([server]):
                        body(server)
                finally:
                    server.stop()
        finally:
            for upstream in upstreams:
                upstream.stop()

    def run(self):
        self.costs()
        dead = [DeadUpstream(self.bench.port()) for _ in range(3)]
        self.each([*dead[:2], self.upstream()], self.two_dead, self.servers)
        past = DeadUpstream(self.bench.port())
        self.past = past.port
        self.each([*dead[2:]], self.flooded, self.servers, ("clusterdns", "unbound"))
        past.stop()
        self.each([self.upstream()], self.reloaded, self.patient, ("clusterdns",))
        self.each([self.upstream()], self.terminated, self.patient, ("clusterdns",))
        return self.results

    # What an answer costs
    def costs(self):
        """Short runs in turn, all servers up, as the other rounds are made."""
        upstream, running = self.upstream(), []
        try:
            running = self.bench.start_all(self.patient([upstream]))
            for server in running:
                self.warm(server)
            for number in range(self.chosen.rounds):
                self.one_round(running)
                say(f"forwarding: round {number + 1} of {self.chosen.rounds}")
        finally:
            for server in [*running, upstream]:
                server.stop()

    def warm(self, server):
        """Asks slowly for every name, until the cache must have it."""
        for _ in range(2):
            seconds = 2.5 * self.queries.names / WARM_RATE
            self.loader.run(server, "open", seconds, rate=WARM_RATE, timeout=2, queries=self.queries.each_name)

    def one_round(self, running):
        for server in running:
            runs = {"hit": {"queries": self.queries.outside}, "miss": {"queries": self.queries.missing, "unique": None}}
            if server.name != "dnsmasq":  # which holds no zone
                runs["zone"] = {"queries": self.queries.inside}
            for row, options in sorted(runs.items()):
                figures = measure.saturated(self.loader, server, self.chosen.seconds, row, **options)
                self.result(server, "costs").setdefault(row, []).append(figures)
            figures = self.loader.run(
                server, "open", self.chosen.seconds, rate=10_000, timeout=2, queries=self.queries.missing, unique=None
            )
            self.result(server, "costs").setdefault("slow miss", []).append(figures)

    # Dead upstreams
    def two_dead(self, server):
        """Nothing is known at first; three seconds later everything is."""
        options = {"warmup": 0, "timeout": 8, "queries": self.queries.missing, "unique": None}
        row = self.result(server, "two dead")
        row["before"] = self.loader.run(server, "open", 1.5, rate=200, **options)
        time.sleep(3)
        row["after"] = self.loader.run(server, "open", 4, rate=1000, **options)
        say(f"{server.title}: two dead of three, p99 {row['before']['p99']:.0f} µs, then {row['after']['p99']:.0f} µs")

    def flooded(self, server):
        """Names of the cluster while others wait for an upstream that is dead."""
        row = self.result(server, "flood")
        options = {"rate": CLUSTER_RATE, "timeout": 5, "queries": self.queries.cluster}
        row["alone"] = self.loader.run(server, "open", 4, **options)
        # The same flood, past the server: what the machine's own scheduling makes of two generators on one core.
        past = self.loader.begin(server, "open", 8, rate=FLOOD_RATE, timeout=5, port=self.past, queries=self.queries.missing,
                                 unique=None, unchecked=None)
        time.sleep(1)
        row["beside"] = self.loader.run(server, "open", 6, **options)
        past()
        with Watch(server) as watch:
            flood = self.loader.begin(
                server, "open", 10, rate=FLOOD_RATE, timeout=5, queries=self.queries.missing, unique=None, unchecked=None
            )
            time.sleep(1)
            row["flooded"] = self.loader.run(server, "open", 8, **options)
            row["flood"] = flood()
        time.sleep(5)
        row["again"] = self.loader.run(server, "open", 2, **options)
        row |= watch.figures()
        say(f"{server.title}: flooded, p99 {row['alone']['p99']:.0f} µs, then {row['flooded']['p99']:.0f} µs")

    # Reloads, and the end
    def reloaded(self, server):
        self.warm(server)
        row = self.result(server, "reloads")
        chance = random.Random(1)
        done = {"good": 0, "broken": 0, "silent": 0}
        with Watch(server) as watch:
            load = self.loader.begin(server, "open", 600, rate=10_000, timeout=2, queries=self.queries.mixed)
            for number in range(RELOADS):
                done[self.one_reload(server, number, chance)] += 1
            row["load"] = load(end=True)
        row |= done | watch.figures()
        say(f"{server.title}: {done['good']} reloads, {done['broken']} refused, {row['load']['lost']} queries lost")

    def one_reload(self, server, number, chance):
        """Every other Corefile is broken. What came of it, or "silent" where the log never said."""
        kind, said = ("good", ": reloaded") if number % 2 == 0 else ("broken", ": not reloaded")
        text = server.corefile(number // 2)
        before = server.lines_with(said)
        server.write("Corefile", text if kind == "good" else broken(text, chance))
        server.reload()
        return kind if waits(lambda: server.lines_with(said) > before) else "silent"

    def terminated(self, server):
        """The load ends before the lame duck does: not one of its queries may be lost."""
        self.warm(server)
        row = self.result(server, "terminated")
        seconds = 0.5 + LAMEDUCK - 0.4
        load = self.loader.begin(server, "open", seconds, warmup=0, rate=10_000, timeout=2, queries=self.queries.mixed)
        time.sleep(0.5)
        os.kill(server.process.popen.pid, signal.SIGTERM)
        begin = time.monotonic()
        row["load"] = load()
        try:
            row["code"] = server.process.popen.wait(LAMEDUCK + 10)
        except subprocess.TimeoutExpired:
            row["code"] = None
        row["seconds"] = time.monotonic() - begin
        say(f"{server.title}: SIGTERM, {row['load']['lost']} queries lost, code {row['code']}")


def waits(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.005)
    return False


def broken(text, chance):
    """A Corefile with one mistake."""
    mistakes = [
        lambda: text.replace("loop", "loup"),
        lambda: text.replace("lameduck 3s", "lameduck soon"),
        lambda: text.replace("forward . ", "forward . nowhere.example:53 "),
        lambda: text.replace("ttl 30", "ttl 99999"),
        lambda: text[: chance.randrange(len(text) // 2, len(text) - 4)],
    ]
    return chance.choice(mistakes)()


class Watch:
    """Memory and descriptors of a server: before, at most, and after."""

    def __init__(self, server):
        self.server, self.over, self.seen = server, threading.Event(), []

    def look(self):
        self.seen.append((self.server.process.resident(), self.server.process.descriptors()))

    def __enter__(self):
        self.look()
        self.thread = threading.Thread(target=self.follow, daemon=True)
        self.thread.start()
        return self

    def follow(self):
        while not self.over.wait(0.25):
            self.look()

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def figures(self):
        """Looks once more: what is left when it is over."""
        self.look()
        (memory, descriptors), (memory_after, descriptors_after) = self.seen[0], self.seen[-1]
        return {
            "mib": memory,
            "mib_most": max(seen[0] for seen in self.seen),
            "mib_after": memory_after,
            "descriptors": descriptors,
            "descriptors_most": max(seen[1] for seen in self.seen),
            "descriptors_after": descriptors_after,
        }
