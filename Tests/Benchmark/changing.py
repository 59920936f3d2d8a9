"""Changes while queries come: none may be lost or answered wrongly, and each must be seen soon."""
import collections
import os
import socket
import threading
import time

import measure
from asking import addresses_in, question
from manifests import PORTS_OF_CHANGING, Templates, yaml_text
from measure import say
from report import text

CHANGING = 100  # Services that change in turn, each in a file of its own
RATE = 1000  # changes a second
QUERIES = 10_000  # a second meanwhile
PEERS = ("gdnsd", "knot", "nsd")
PATIENCE = 10  # seconds until a change counts as never seen


def run(bench):
    services = bench.chosen.services
    candidates = [*bench.own(services, "folder", "yaml"), *bench.peers(services)]
    for server in candidates:
        if server.kind == "peer" and (bench.chosen.quick or server.name not in PEERS):
            continue
        with bench.all_up([server]) as running:
            if running:
                one_after_the_other(bench, server)
    for server in bench.own(services, "folder"):
        many(bench, server)


def one_after_the_other(bench, server):
    seconds = 1.5 if bench.chosen.quick else 3
    run = measure.under_changes(bench.loader, server, seconds, bench.chosen.rate // 2)
    bench.result(server)["under_changes"] = run
    bench.has_failed |= server.kind == "own" and run["wrong"] > 0
    say(f"{server.title}: {run['made']} changes under load, {run['lost']} lost, {run['wrong']} wrong")


class Changer:
    """Writes Services with new addresses, and asks for each until the answer has it."""

    def __init__(self, server):
        self.server, self.made = server, 0
        self.names = [f"changing-{n}" for n in range(CHANGING)]
        self.template = Templates(PORTS_OF_CHANGING, yaml_text)
        self.moved = collections.deque()  # (number of the change, when its file was moved into place)
        self.waits, self.unseen, self.is_over = [], 0, False
        self.client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.client.connect(("127.0.0.1", server.port))
        self.client.settimeout(0.05)
        domain = f"{server.inputs.namespace}.svc.cluster.local"
        self.questions = [question(f"{name}.{domain}") for name in self.names]

    @staticmethod
    def address(change):
        """10.112.0.0/12 has room for a million changes, and the cluster uses none of it."""
        return f"10.{112 + (change >> 16 & 15)}.{change >> 8 & 255}.{change & 255}"

    def write(self, change):
        name = self.names[change % CHANGING]
        content = self.template.service_of(name, self.server.inputs.namespace, self.address(change))
        aside = f"{self.server.folder}/staged/{name}"
        with open(aside, "w") as file:
            file.write(content)
        os.replace(aside, f"{self.server.catalog}/{name}.yaml")

    def change(self):
        self.made += 1
        self.write(self.made)
        self.moved.append((self.made, time.monotonic()))

    def is_seen(self, change):
        """Whether the answer is that of this change, or of a later one of the same Service."""
        try:
            self.client.send(self.questions[change % CHANGING])
            found = addresses_in(self.client.recv(512))
        except OSError:
            return False
        return bool(found) and self.number_of(found[0]) >= change

    @staticmethod
    def number_of(address):
        _, high, middle, low = map(int, address.split("."))
        return (high - 112) << 16 | middle << 8 | low

    def look(self):
        """Takes out the changes that are seen by now, in their order."""
        while self.moved:
            change, since = self.moved[0]
            if self.is_seen(change):
                self.waits.append(time.monotonic() - since)
            elif time.monotonic() - since > PATIENCE:
                self.unseen += 1
            else:
                return
            self.moved.popleft()

    def write_all(self, seconds):
        begin = time.monotonic()
        while (passed := time.monotonic() - begin) < seconds:
            while self.made < passed * RATE:
                self.change()
            time.sleep(0.0005)  # the load needs this CPU as well
        self.is_over = True

    def run(self, seconds, each_second):
        """Writing must not wait for looking: a thread each."""
        writer = threading.Thread(target=self.write_all, args=(seconds,), daemon=True)
        writer.start()
        last = time.monotonic()
        while self.moved or not self.is_over:
            if time.monotonic() - last > 1:
                last = time.monotonic()
                each_second()
            self.look()
            time.sleep(0.0003)
        writer.join()


def many(bench, server):
    """1,000 Services a second get a new address, while queries for others come at a fixed rate."""
    seconds = 3 if bench.chosen.quick else bench.chosen.changing
    with bench.all_up([server]) as running:
        if not running:
            return
        changer, sizes = Changer(server), []
        for first in range(CHANGING):
            changer.write(first)
        measure.settle_memory()
        before = server.process.resident()
        load = bench.loader.begin(
            server, "open", seconds + PATIENCE + 5, rate=QUERIES, timeout=2, naps=None, **measure.CLIENTS
        )
        try:
            changer.run(seconds, lambda: sizes.append(server.process.resident()))
        finally:
            figures = load(end=True)
        measure.settle_memory()
        row = bench.extra["changing"] = summary(changer, figures, seconds)
        row |= {"seconds": seconds, "before": before, "sizes": sizes, "after": server.process.resident()}
        bench.has_failed |= figures["wrong"] > 0 or changer.unseen > 0
    say(
        f"{row['made']:,} changes in {seconds:.0f} s: seen after {text(row['p50'], 1, 1e3)} ms, "
        f"99 % within {text(row['p99'], 1, 1e3)} ms; {row['lost']} queries lost, {row['wrong']} wrong"
    )


def summary(changer, figures, seconds):
    waits = sorted(changer.waits)
    at = lambda share: waits[min(len(waits) - 1, int(share * len(waits)))] if waits else None  # noqa: E731
    return {
        "made": changer.made,
        "rate": changer.made / seconds,
        "unseen": changer.unseen,
        "p50": at(0.5),
        "p99": at(0.99),
        "slowest": at(1),
        **{word: figures[word] for word in ("asked", "lost", "wrong", "latest")},
    }
