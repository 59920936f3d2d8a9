"""Start, memory, a changed Service and the cost of an answer for catalogs of all sizes, up to a million endpoints."""
import shutil

import measure
from measure import say
from report import text

ROUNDS = 5
MILLION = 200_000  # Services, with a million endpoints
COMPARED = ("gdnsd", "clusterdns folder")  # the peer and the server whose answers are priced at each size


def run(bench):
    for services in [int(size) for size in bench.chosen.sizes.split(",") if size]:
        one_size(bench, services)


def one_size(bench, services):
    forms = ("folder", "yaml", "json") if services <= 20_000 else ("folder", "yaml")
    running = []
    try:
        for server in [*bench.own(services, *forms), *bench.peers(services)]:
            # About what NSD, the slowest of the peers to start and reload, takes here.
            if not bench.has_time(needed=services / 5000):
                say(f"{server.title} with {services:,} Services: no time left")
                continue
            if live(bench, server, services) and server.title in COMPARED and not bench.chosen.quick:
                running.append(server)
            else:
                server.stop()
            shutil.rmtree(f"{server.folder}/staged", ignore_errors=True)
        if running:
            costs(bench, running, services)
    finally:
        for server in running:
            server.stop()


def live(bench, server, services):
    is_slow = services > 20_000 and server.kind == "peer"
    life = {}
    try:
        life = measure.life(server, 1 if bench.chosen.quick or is_slow else 3)
    finally:
        if not life.get("start"):
            server.stop()
    bench.result(server)["life"][services] = life
    bench.has_failed |= server.kind == "own" and not life.get("changes")
    say(f"{server.title} with {services:,} Services: first right answer after {text(life['start'], 2)} s")
    return life["start"] is not None


def costs(bench, running, services):
    """CPU of an answer beside the echo's, in turn."""
    with bench.all_up(bench.limits(services, "udp")) as limits:
        for _ in range(ROUNDS):
            for server in [*limits, *running]:
                figures = measure.saturated(bench.loader, server, bench.chosen.seconds * 0.7)
                bench.result(server).setdefault("sizes", {}).setdefault(services, []).append(figures)


def million(bench):
    """The same program and load with 10,000 Services and with a million endpoints, in turn."""
    if not bench.binary:
        return
    inputs = bench.crowded(MILLION)
    [small] = bench.own(bench.chosen.services, "folder")
    [large] = bench.own(MILLION, "folder", inputs=inputs)
    row = bench.extra["million"] = {"endpoints": inputs.endpoints, "small": [], "large": []}
    with bench.all_up([small]) as first:
        if not first or not live(bench, large, MILLION):
            return
        try:
            row |= {word: bench.result(large)["life"][MILLION].get(word) for word in ("start", "pss", "peak", "changes")}
            for _ in range(ROUNDS):
                for word, server in (("small", small), ("large", large)):
                    figures = measure.saturated(bench.loader, server, bench.chosen.seconds)
                    bench.has_failed |= figures["wrong"] > 0
                    row[word].append(figures)
        finally:
            large.stop()
    say(f"{inputs.endpoints:,} endpoints: first right answer after {row['start']:.1f} s, {row['pss']:,.0f} MiB")
