"""What an answer costs: short runs in turn, all servers up, so that noise of the machine hits all alike."""
import measure
from measure import say
from report import text

CORE = {"echo udp", "echo table", "echo gso", "echo tcp", "gdnsd", "clusterdns folder"}
JUDGED = {"echo udp", "gdnsd", "clusterdns folder"}  # by their latency, against each other
ROUNDS_OF_OTHERS = 2
STEADY_RUNS, STEADY_SECONDS = 4, 0.125  # of a round; of a run at least
IDLE = 4_500  # connections; with more than half of its 10,000 places taken, ClusterDNS closes idle ones early


def run(bench):
    services = bench.chosen.services
    ways = [*(("udp", "table", "gso") if bench.has("udp") else ()), *(("tcp",) if bench.has("tcp") else ())]
    candidates = [*bench.limits(services, *ways), *bench.peers(services), *bench.own(services, "folder")]
    with bench.all_up(candidates) as running:
        for number in range(bench.chosen.rounds):
            if number and not bench.has_time(needed=bench.chosen.time / 2):
                say(f"no time for more than {number} rounds")
                break
            one_round(bench, running, number)
    if bench.has("tcp"):
        idle_connections(bench)


def one_round(bench, running, number):
    costs, seconds = [], bench.chosen.seconds
    taking_part = [server for server in running if number < ROUNDS_OF_OTHERS or server.title in CORE]
    for server in taking_part:
        figures = {}
        if bench.has("udp") and server.has_udp:
            figures |= measure.udp_round(bench.loader, server, seconds)
            costs.append(f"{server.title} {text(figures['saturated']['cpu'], 2)}")
        if bench.has("tcp") and server.has_tcp and not (bench.chosen.quick and number):
            figures |= measure.tcp_round(bench.loader, server, seconds)
        bench.note(server, figures)
    if bench.has("udp"):
        latencies(bench, taking_part)
    bench.rounds_done = max(bench.rounds_done, number + 1)
    say(f"round {number + 1} of {bench.chosen.rounds}" + (f", µs/q: {', '.join(costs)}" if costs else ""))


def latencies(bench, taking_part):
    """Short runs in turn, those that are judged next to each other: a pause of the machine spoils few of them."""
    seconds = max(STEADY_SECONDS, bench.chosen.seconds / 4)
    servers = sorted((server for server in taking_part if server.has_udp), key=lambda server: server.title not in JUDGED)
    for _ in range(STEADY_RUNS // 2 if bench.chosen.quick else STEADY_RUNS):
        for server in servers:
            bench.note(server, measure.steady(bench.loader, server, seconds, bench.chosen.rate))


def idle_connections(bench):
    """Memory of connections that stay after one query, for a server that did nothing before."""
    for server in bench.own(1000, "folder"):
        with bench.all_up([server]) as running:
            if not running:
                return
            measure.settle_memory()
            before, files = server.process.resident(), server.process.descriptors()
            with bench.loader.holding(server, IDLE) as figures:
                measure.settle_memory()
                held, after = server.process.descriptors() - files, server.process.resident()
            each = (after - before) * 2**20 / held if held else None
            bench.extra["idle"] = {"asked": IDLE, "held": held, "bytes": each, "answered": figures["answered"]}
            bench.has_failed |= figures["wrong"] > 0
            say(f"{held:,} idle connections: {text(each, 0)} bytes each")
