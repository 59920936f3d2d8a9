"""From raw runs to aligned tables. Every figure is a median over the rounds; ratios are made within each round."""
import statistics



def median(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def of(result, figure, key):
    return median([run[key] for run in result["rounds"].get(figure, [])])


def ratio(result, base, figure, key):
    """The median of the rounds' ratios: two servers of one round met the same noise."""
    if base is None:
        return None
    pairs = zip(result["rounds"].get(figure, []), base["rounds"].get(figure, []))
    return median([mine[key] / theirs[key] if mine[key] and theirs[key] else None for mine, theirs in pairs])


def spread(result):
    """(highest − lowest) / median of CPU per answer: what the machine alone moves the figures by."""
    costs = [run["cpu"] for run in result["rounds"].get("saturated", []) if run["cpu"]]
    return (max(costs) - min(costs)) / statistics.median(costs) if len(costs) > 1 else None


def text(value, digits=1, scale=1):
    return "–" if value is None else f"{value * scale:,.{digits}f}"


def print_table(title, head, rows):
    print(f"\n{title}")
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        first, *others = (cell.ljust(w) if n == 0 else cell.rjust(w) for n, (cell, w) in enumerate(zip(line, widths)))
        print("  ".join([first, *others]))


def wrong_of(result):
    if result["kind"] == "limit" and result["name"] != "echo table":
        return None
    runs = [run for kind in (result["rounds"], result.get("sizes", {})) for figure in kind.values() for run in figure]
    runs += [result["under_changes"]] if result.get("under_changes") else []
    return sum(run["wrong"] for run in runs)


# (heading, figure of a round, key, digits, scale)
COLUMNS = [
    ("µs/q", "saturated", "cpu", 2, 1),
    ("user", "saturated", "user", 2, 1),
    ("sys", "saturated", "system", 2, 1),
    ("kq/s", "saturated", "rate", 0, 1e-3),
    ("loss%", "saturated", "loss", 3, 100),
    ("1 socket", "one socket", "cpu", 2, 1),
    ("µs@rate", "steady", "cpu", 2, 1),
    ("loss%", "steady", "loss", 2, 100),
    ("p50", "steady", "p50", 0, 1),
    ("p99", "steady", "p99", 0, 1),
    ("p99.9", "steady", "p999", 0, 1),
    ("tcp16", "stream16", "cpu", 2, 1),
    ("tcp1", "stream1", "cpu", 2, 1),
    ("churn", "churn", "cpu", 1, 1),
]
FIGURE_HEAD = ["server", *(heading for heading, *_ in COLUMNS), "lost@chg", "max@chg ms", "wrong"]
RATIOS = [
    ("µs/q", "saturated", "cpu"),
    ("µs@rate", "steady", "cpu"),
    ("p99", "steady", "p99"),
    ("tcp16", "stream16", "cpu"),
    ("tcp1", "stream1", "cpu"),
    ("churn", "churn", "cpu"),
]
RATIO_HEAD = ["ratio to", *(f"{heading} {to}" for heading, *_ in RATIOS for to in ("echo", "gdnsd"))]
SIZE_HEAD = [
    "server", "services", "start s", "MiB", "peak", "change ms", "slowest", "MiB after", "peak after", "µs/q",
]  # fmt: skip


def figure_row(title, result):
    changing = result.get("under_changes") or {}
    return [
        title,
        *(text(of(result, figure, key), digits, scale) for _, figure, key, digits, scale in COLUMNS),
        text(changing.get("lost"), 0),
        text(changing.get("latest"), 1, 1e-3),
        text(wrong_of(result), 0),
    ]


def ratio_row(title, result, results):
    cells = [title]
    for _, figure, key in RATIOS:
        is_stream = figure in ("stream16", "stream1", "churn")
        for base in ("echo tcp" if is_stream else "echo udp", "gdnsd"):
            cells.append(text(ratio(result, results.get(base), figure, key), 2))
    return cells


def cost_at(result, size):
    return median([run["cpu"] for run in result.get("sizes", {}).get(size, [])])


def size_rows(results):
    for title, result in results.items():
        for size in sorted(result["life"].keys() | result.get("sizes", {}).keys()):
            life = result["life"].get(size, {})
            changes = life.get("changes") or []
            yield [
                title,
                text(size, 0),
                text(life.get("start"), 3),
                text(life.get("pss")),
                text(life.get("peak")),
                text(median(changes), 1, 1e3),
                text(max(changes, default=None), 1, 1e3),
                text(life.get("pss_after")),
                text(life.get("peak_after")),
                text(cost_at(result, size), 2),
            ]


def tables(bench, facts):
    """(title, head, rows) of everything that was measured, servers by their cost."""
    results = bench.results
    measured = {title: result for title, result in results.items() if result["rounds"] or result.get("under_changes")}
    by_cost = sorted(measured.items(), key=lambda item: of(item[1], "saturated", "cpu") or float("inf"))
    heading = (
        f"{facts['services']:,} Services, one worker on CPU 0, load on CPU 1, median of {facts['rounds_done']} rounds; "
        f"server CPU in µs an answer, latency in µs at {facts['rate']:,} q/s"
    )
    if measured:
        yield heading, FIGURE_HEAD, [figure_row(title, result) for title, result in by_cost]
    if any(result["rounds"] for result in measured.values()):
        rows = [ratio_row(title, result, results) for title, result in by_cost]
        yield "ratios within a round (echo: `echo udp`, for TCP `echo tcp`)", RATIO_HEAD, rows
    if rows := list(size_rows(results)):
        yield "start, memory, one changed Service and CPU an answer, by size", SIZE_HEAD, rows
    if rows := instruction_rows(results):
        yield "user instructions of a UDP query, sixteen a batch", INSTRUCTION_HEAD, rows


def print_report(bench, facts, judged_head, judged):
    for title, head, rows in tables(bench, facts):
        print_table(title, head, rows)
    if judged:
        print_table("targets", judged_head, judged)
    print("\n" + "\n".join(noise(bench.results, facts)))


INSTRUCTION_HEAD = ["server", "instructions", "from one socket"]


def instruction_rows(results):
    """Exact from run to run, so two counts may be compared without medians."""
    counted = [(title, result["instructions"]) for title, result in results.items() if result.get("instructions")]
    counted.sort(key=lambda pair: pair[1]["clients"] or float("inf"))
    return [[title, text(counts["clients"], 1), text(counts["one socket"], 1)] for title, counts in counted]


def print_instructions(results):
    print_table("user instructions of a UDP query, sixteen a batch", INSTRUCTION_HEAD, instruction_rows(results))


def noise(results, facts):
    """Sentences on what the machine did meanwhile."""
    echo = results.get("echo udp")
    if echo and (moved := spread(echo)) is not None:
        yield f"Noise: the CPU of `echo udp` moved by {moved:.0%} over the rounds."
    before, after = facts["load_average"]
    yield f"Load average {before:.2f} before and {after:.2f} after, two busy CPUs of the benchmark's own included."
    for title, result in results.items():
        cut = of(result, "saturated", "truncated")
        if cut and result["kind"] != "limit":
            yield f"Of the UDP answers of {title}, {cut / max(1, of(result, 'saturated', 'answered')):.2%} were truncated."
