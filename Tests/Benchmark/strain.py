"""Two workers on two CPUs, and far more queries than a server can answer."""
import statistics

import measure
from measure import CLIENTS, GROUP, say
from process import LOAD_CPU, SERVER_CPU
from report import text

ROUNDS = 5
BOTH = (SERVER_CPU, LOAD_CPU)
BEST = {"sockets": 16, "group": 64, "joined": None, "timeout": 0.3}
# So many sockets that an id does not come round while its answer is on the way.
FLOOD = {**BEST, "sockets": 64}


# ---- Two workers

def workers(bench):
    """One worker beside its load on one CPU, and two workers with a load each on both: as much work for each CPU."""
    services = bench.chosen.services
    [one], [two] = bench.own(services, "folder"), bench.own(services, "folder", workers=2)
    two.cpus = BOTH
    row = bench.extra["workers"] = {"one": [], "two": []}
    with bench.all_up([one, two]) as running:
        for _ in range(ROUNDS if len(running) == 2 else 0):
            row["one"].append(shared(bench, one, [SERVER_CPU]))
            row["two"].append(shared(bench, two, BOTH))
    say(f"two workers: {text(ratio(row), 2)} × the CPU per answer of one")


def shared(bench, server, cpus):
    """CPU µs an answer under a load on each of the CPUs, which the server has to share with it."""
    before = sum(server.process.cpu())
    words = {**CLIENTS, "window": 256, "group": GROUP, "timeout": 0.3, "naps": None}
    loads = [bench.loader.begin(server, "closed", bench.chosen.seconds, cpu=cpu, **words) for cpu in cpus]
    figures = [load() for load in loads]
    spent = sum(server.process.cpu()) - before
    bench.has_failed |= any(run["wrong"] for run in figures)
    answered = sum(run["answered"] for run in figures)
    return {"cpu": spent * 1e6 / answered if answered else None, "rate": sum(run["rate"] for run in figures)}


def ratio(row):
    pairs = [two["cpu"] / one["cpu"] for one, two in zip(row["one"], row["two"]) if one["cpu"] and two["cpu"]]
    return statistics.median(pairs) if pairs else None


# ---- Overload

def overload(bench):
    """The best rate of a server, then all that a CPU can send; in turn, from the same sockets."""
    services = bench.chosen.services
    candidates = [*bench.own(services, "folder"), *bench.limits(services, "udp")]
    candidates += [peer for peer in bench.peers(services) if peer.name == "gdnsd"]
    rows = bench.extra["overload"] = {}
    with bench.all_up(candidates) as running:
        for server in running:
            rows[server.title] = {"best": [], "flood": [], "before": server.process.resident()}
        for _ in range(ROUNDS):
            for server in running:
                one_flood(bench, server, rows[server.title])
        for server in running:
            rows[server.title]["after"] = server.process.resident()
            times, share = offered(rows[server.title]), kept(rows[server.title])
            say(f"{server.title}: {text(times)} × offered, {text(share, 2)} of the best rate answered")


def one_flood(bench, server, row):
    seconds = bench.chosen.seconds
    best = max(
        (bench.loader.run(server, "closed", seconds / 2, **BEST, window=window) for window in (1024, 4096)),
        key=lambda run: run["rate"] if run["loss"] < measure.LOSS_LIMIT else 0,
    )
    row["best"].append(best)
    row["flood"].append(bench.loader.run(server, "flood", seconds, **FLOOD))
    bench.has_failed |= server.kind == "own" and row["flood"][-1]["wrong"] > 0


def kept(row):
    """Right answers under the flood against those of the best rate, in each round."""
    good = lambda run: run["rate"] * (1 - run["wrong"] / max(1, run["answered"]))  # noqa: E731
    shares = [good(flood) / best["rate"] for best, flood in zip(row["best"], row["flood"]) if best["rate"]]
    return statistics.median(shares) if shares else None


def offered(row):
    """Queries of the flood against the best rate."""
    shares = [flood["offered"] / best["rate"] for best, flood in zip(row["best"], row["flood"]) if best["rate"]]
    return statistics.median(shares) if shares else None
