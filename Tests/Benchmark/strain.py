"""Two workers on two CPUs, and far more queries than a server can answer."""
import statistics

import measure
from measure import CLIENTS, GROUP, say
from process import LOAD_CPU, SERVER_CPU
from report import text

# Short runs and many of them: how two workers share a load with each other is settled anew in each.
WORKER_ROUNDS, OVERLOAD_ROUNDS = 16, 8
WARM_UP = 0.05  # seconds
BOTH = (SERVER_CPU, LOAD_CPU)
# Both from the same sockets, which take every answer as a datagram of its own, so that the kernel counts each.
SOCKETS = {"sockets": 16, "group": 64, "warmup": WARM_UP}
WINDOWS = (1024, 4096)  # queries outstanding at the best rate
TIMES = 10  # the best rate, in an overload


# ---- Two workers

def workers(bench):
    """One worker beside its load on one CPU, and two workers with a load each on both: as much work for each CPU."""
    services = bench.chosen.services
    [one], [two] = bench.own(services, "folder"), bench.own(services, "folder", workers=2)
    two.cpus = BOTH
    row = bench.extra["workers"] = {"one": [], "two": []}
    with bench.all_up([one, two]) as running:
        for _ in range(WORKER_ROUNDS if len(running) == 2 else 0):
            row["one"].append(shared(bench, one, [SERVER_CPU]))
            row["two"].append(shared(bench, two, BOTH))
    say(f"two workers: {text(ratio(row), 2)} × the CPU per answer of one")


def shared(bench, server, cpus):
    """CPU µs an answer under a load on each of the CPUs, which the server has to share with it."""
    before = sum(server.process.cpu())
    words = {**CLIENTS, "window": 256, "group": GROUP, "timeout": 0.3, "naps": None, "warmup": WARM_UP}
    loads = [bench.loader.begin(server, "closed", bench.chosen.seconds / 2, cpu=cpu, **words) for cpu in cpus]
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
    """The best rate of a server, and ten times as many queries as that, or as many as a CPU can send; in turn."""
    services = bench.chosen.services
    candidates = [*bench.own(services, "folder"), *bench.limits(services, "udp")]
    candidates += [peer for peer in bench.peers(services) if peer.name == "gdnsd"]
    rows = bench.extra["overload"] = {}
    with bench.all_up(candidates) as running:
        for server in running:
            rows[server.title] = {"best": [], "flood": [], "before": server.process.resident()}
        for _ in range(OVERLOAD_ROUNDS):
            for server in running:
                one_flood(bench, server, rows[server.title])
        for server in running:
            row = rows[server.title]
            row["after"] = server.process.resident()
            say(f"{server.title}: {text(offered(row))} × offered, {text(kept(row), 3)} of the best rate answered")


def one_flood(bench, server, row):
    """A flood between two runs at the best rate, so that what the machine does meanwhile meets both alike."""
    if "window" not in row:
        row["window"] = max(WINDOWS, key=lambda window: best_rate(best_run(bench, server, window)))
    before = best_run(bench, server, row["window"])
    rate = TIMES * max(1, before["rate"])
    flood = bench.loader.run(server, "flood", bench.chosen.seconds / 2, rate=rate, **SOCKETS)
    row["flood"].append(flood)
    row["best"].append([before, best_run(bench, server, row["window"])])
    bench.has_failed |= server.kind == "own" and flood["wrong"] > 0


def best_run(bench, server, window):
    return bench.loader.run(server, "closed", bench.chosen.seconds / 2, window=window, timeout=0.3, **SOCKETS)


def best_rate(run):
    return run["rate"] if run["loss"] < measure.LOSS_LIMIT else 0


def good_rate(flood):
    """Right answers a second: those that were not heard are right as often as those that were."""
    return flood["rate"] * (1 - flood["wrong"] / flood["heard"]) if flood["heard"] else 0


def against_best(row, value):
    """The median of `value` of each flood against the best rate around it, where that was answered without loss."""
    around = [[best_rate(run) for run in pair] for pair in row["best"]]
    shares = [value(flood) / statistics.mean(rates) for rates, flood in zip(around, row["flood"]) if all(rates)]
    return statistics.median(shares) if shares else None


def kept(row):
    """Right answers under the flood against those of the best rate."""
    return against_best(row, good_rate)


def offered(row):
    """Queries of the flood against the best rate."""
    return against_best(row, lambda flood: flood["offered"])
