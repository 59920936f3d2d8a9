"""The targets, one line each: what was asked for, what came out, and whether it is met."""
from dataclasses import dataclass

import strain
from report import median, of, ratio, text

HEAD = ["what", "target", "result", ""]
OWN, ONE_FILE = "clusterdns folder", "clusterdns yaml"
SMALL, LARGE = 10_000, 100_000
FLAT = 1.1  # memory after a load, against before it


@dataclass
class Criterion:
    what: str
    target: str
    result: str
    is_met: bool | None  # None: not measured

    @property
    def cells(self):
        return [self.what, self.target, self.result, {True: "met", False: "missed", None: "–"}[self.is_met]]


def at_most(what, value, limit, digits, unit, scale=1, note=""):
    """A value that must not be above its limit; both in the unit that is printed once `value` is scaled."""
    if value is None:
        return Criterion(what, f"≤ {limit:g}{unit}", "–", None)
    return judged(what, f"≤ {limit:g}{unit}", value * scale, lambda number: number <= limit, digits, unit + note)


def at_least(what, value, limit, digits, unit, note=""):
    """A value that must not be below its limit."""
    if value is None:
        return Criterion(what, f"≥ {limit:g}{unit}", "–", None)
    return judged(what, f"≥ {limit:g}{unit}", value, lambda number: number >= limit, digits, unit + note)


def judged(what, target, value, meets, digits, behind):
    """One that misses has as many digits more as it takes to see it."""
    while not meets(value) and meets(round(value, digits)):
        digits += 1
    return Criterion(what, target, f"{text(value, digits)}{behind}", meets(value))


def criteria(bench):
    own = bench.results.get(OWN) or {"rounds": {}, "life": {}}
    groups = udp(bench, own), tcp(bench, own), sizes(bench, own), changes(bench), strains(bench)
    return [criterion for group in groups for criterion in group]


def udp(bench, own):
    results, what = bench.results, "UDP, CPU an answer"
    cost, echo = of(own, "saturated", "cpu"), results.get("echo udp")
    note = f" ({text(cost, 2)} µs)"
    yield at_most(what, ratio(own, echo, "saturated", "cpu"), 1.10, 2, " × echo", note=note)
    yield at_most(what, ratio(own, results.get("gdnsd"), "saturated", "cpu"), 0.90, 2, " × gdnsd")
    yield at_most(what, ratio(own, results.get("coredns"), "saturated", "cpu"), 0.14, 2, " × CoreDNS")
    gso = results.get("echo gso")
    note = f" (echo with GSO {text(of(gso, 'one socket', 'cpu'), 2)})" if gso else ""
    yield at_most("the same, many queries from one socket", of(own, "one socket", "cpu"), 2.2, 2, " µs", note=note)
    counts = own.get("instructions") or {}
    yield at_most("user instructions of a query", counts.get("clients"), 900, 0, "")
    p99 = f" ({text(of(own, 'steady', 'p99'), 0)} µs)"
    what = f"p99 at {bench.chosen.rate:,} q/s"
    yield at_most(what, ratio(own, echo, "steady", "p99"), 1.5, 2, " × echo", note=p99)
    yield at_most(what, ratio(own, results.get("gdnsd"), "steady", "p99"), 1, 2, " × gdnsd")


def tcp(bench, own):
    results = bench.results
    echo, gdnsd = results.get("echo tcp"), results.get("gdnsd")
    note = f" ({text(ratio(own, gdnsd, 'stream16', 'cpu'), 2)} × gdnsd)" if gdnsd else ""
    yield at_most("TCP, 16 queries a read, CPU an answer", of(own, "stream16", "cpu"), 1.2, 2, " µs", note=note)
    note = f" ({text(of(own, 'stream1', 'cpu'), 2)} µs)"
    yield at_most("TCP, one query a read", ratio(own, echo, "stream1", "cpu"), 1.5, 2, " × echo", note=note)
    note = f" ({text(of(own, 'churn', 'cpu'), 1)} µs)"
    yield at_most("TCP, one query a connection", ratio(own, echo, "churn", "cpu"), 1.6, 2, " × echo", note=note)
    idle = bench.extra.get("idle") or {}
    note = f" ({idle.get('held', 0):,} held)"
    yield at_most("an idle TCP connection", idle.get("bytes"), 3, 2, " KiB", 1 / 1024, note)


def sizes(bench, own):
    for size, seconds, mebibytes in ((SMALL, 0.5, 40), (LARGE, 4.5, 250)):
        life, services = own["life"].get(size, {}), f"{size:,} Services"
        yield at_most(f"start to the first answer, {services}", life.get("start"), seconds, 2, " s")
        yield at_most(f"memory after load, {services}", life.get("pss"), mebibytes, 0, " MiB")
        peaks = [life.get(word) for word in ("peak", "peak_after")]
        peak = max(peaks) / life["pss"] if all(peaks) else None
        yield at_most(f"peak while loading and changing, {services}", peak, 1.3, 2, " × that")
    one_file = bench.results.get(ONE_FILE, {"life": {}})
    for result, what, limits in ((own, "folder", (5, 10)), (one_file, "one file", (40, 400))):
        for size, limit in zip((SMALL, LARGE), limits):
            value = median(result["life"].get(size, {}).get("changes") or [])
            yield at_most(f"one Service changed, {what}, {size:,}", value, limit, 1, " ms", 1e3)


def changes(bench):
    row = bench.extra.get("changing") or {}
    what = f"{row.get('rate', 1000):,.0f} changes a second for {row.get('seconds', 60):g} s"
    slowest = f" (slowest {text(row.get('slowest'), 1, 1e3)})"
    yield at_most(f"{what}: visible, p99", row.get("p99"), 50, 1, " ms", 1e3, slowest)
    lost = row["lost"] + row["wrong"] + row["unseen"] if row else None
    yield at_most("… queries lost or wrong, changes unseen", lost, 0, 0, "")
    growth = row["after"] / row["before"] if row else None
    note = ""
    if row:
        note = f" ({row['before']:.0f} → {row['after']:.0f} MiB, {max(row['sizes'], default=0):.0f} at most)"
    yield at_most("… memory after against before", growth, FLAT, 2, " ×", note=note)


def strains(bench):
    row = bench.extra.get("million") or {}
    pairs = [(large["cpu"], small["cpu"]) for large, small in zip(row.get("large", []), row.get("small", []))]
    endpoints = f"{row.get('endpoints', 1_000_000):,} endpoints"
    start = f" (start {text(row.get('start'), 1)} s)"
    yield at_most(f"{endpoints}: memory", row.get("pss"), 1.2, 2, " GiB", 1 / 1024, start)
    cost = median([large / small for large, small in pairs if large and small])
    yield at_most(f"{endpoints}: CPU an answer", cost, 1.2, 2, f" × {SMALL:,} Services")
    row = bench.extra.get("workers")
    yield at_most("two workers, CPU an answer", strain.ratio(row) if row else None, 1.1, 2, " × one worker")
    row = bench.extra.get("overload", {}).get(OWN)
    kept, growth = (strain.kept(row), row["after"] / row["before"]) if row else (None, None)
    note = f" ({text(strain.offered(row))} × offered)" if row else ""
    yield at_least("overload: good answers against the best rate", kept, 0.9, 2, " ×", note)
    yield at_most("overload: memory after against before", growth, FLAT, 2, " ×")
