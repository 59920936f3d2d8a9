"""From raw runs to aligned tables. Every figure is a median over the rounds; ratios are made within each round."""
import statistics

FIGURES = ("saturated", "steady", "stream16", "stream1", "churn")


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
    runs = [run for figure in result["rounds"].values() for run in figure]
    runs += [result["under_changes"]] if result.get("under_changes") else []
    return sum(run["wrong"] for run in runs)


def figure_row(title, result, size):
    life = result["life"].get(size, {})
    changing = result.get("under_changes") or {}
    return [
        title,
        text(of(result, "saturated", "cpu"), 2),
        text(of(result, "saturated", "user"), 2),
        text(of(result, "saturated", "system"), 2),
        text(of(result, "saturated", "rate"), 1, 1e-3),
        text(of(result, "saturated", "loss"), 3, 100),
        text(of(result, "steady", "cpu"), 2),
        text(of(result, "steady", "loss"), 2, 100),
        text(of(result, "steady", "p50"), 0),
        text(of(result, "steady", "p99"), 0),
        text(of(result, "steady", "p999"), 0),
        text(of(result, "stream16", "cpu"), 2),
        text(of(result, "stream1", "cpu"), 2),
        text(of(result, "churn", "cpu"), 1),
        text(life.get("start"), 3),
        text(life.get("pss"), 1),
        text(life.get("peak"), 1),
        text(median(life.get("changes", [])), 1, 1e3),
        text(changing.get("lost"), 0),
        text(changing.get("latest"), 1, 1e-3),
        text(wrong_of(result), 0),
    ]


FIGURE_HEAD = [
    "server", "µs/q", "user", "sys", "kq/s", "loss%", "µs@rate", "loss%", "p50", "p99", "p99.9", "tcp16", "tcp1", "churn",
    "start s", "MiB", "peak", "change ms", "lost@chg",
    "max@chg ms", "wrong",
]  # fmt: skip
RATIO_HEAD = ["ratio to", *(f"{name} {to}" for name in ("µs/q", "µs@rate", "p99") for to in ("echo", "gdnsd"))]
RATIO_HEAD += [f"{name} {to}" for name in ("tcp16", "tcp1", "churn") for to in ("echo", "gdnsd")]
SIZE_HEAD = ["server", "services", "start s", "MiB", "peak", "change ms", "slowest", "MiB after", "peak after"]


def ratio_row(title, result, results):
    echo, streams, gdnsd = (results.get(name) for name in ("echo udp", "echo tcp", "gdnsd"))
    cells = [title]
    for figure, key in (("saturated", "cpu"), ("steady", "cpu"), ("steady", "p99")):
        cells += [text(ratio(result, base, figure, key), 2) for base in (echo, gdnsd)]
    for figure in ("stream16", "stream1", "churn"):
        cells += [text(ratio(result, base, figure, "cpu"), 2) for base in (streams, gdnsd)]
    return cells


def size_rows(results):
    for title, result in results.items():
        for size, life in sorted(result["life"].items()):
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
            ]


def print_report(results, settings):
    """`results` by title, in the order of the rounds."""
    measured = {title: result for title, result in results.items() if result["rounds"] or result.get("under_changes")}
    by_cost = sorted(measured.items(), key=lambda item: of(item[1], "saturated", "cpu") or float("inf"))
    size = settings["services"]
    heading = (
        f"{size:,} Services, one worker on CPU 0, load on CPU 1, median of {settings['rounds_done']} rounds; "
        f"server CPU in µs an answer, latency in µs at {settings['rate']:,} q/s"
    )
    if measured:
        print_table(heading, FIGURE_HEAD, [figure_row(title, result, size) for title, result in by_cost])
        rows = [ratio_row(title, result, results) for title, result in by_cost]
        print_table("ratios within a round (echo: `echo udp`, for TCP `echo tcp`)", RATIO_HEAD, rows)
    if rows := list(size_rows(results)):
        print_table("start, memory and one changed Service, by size", SIZE_HEAD, rows)
    print_noise(results, settings)


def print_instructions(results):
    """Exact from run to run, so two counts may be compared without medians."""
    echo = results.get("echo udp", {}).get("instructions")
    rows = [
        [title, text(result["instructions"], 0), text(result["instructions"] / echo if echo else None, 1)]
        for title, result in sorted(results.items(), key=lambda item: item[1]["instructions"] or float("inf"))
        if result["instructions"]
    ]
    print_table("user instructions of a UDP query, sixteen a batch", ["server", "instructions", "to echo"], rows)


def print_noise(results, settings):
    print()
    echo = results.get("echo udp")
    if echo and (moved := spread(echo)) is not None:
        print(f"noise: echo udp moved by {moved:.1%} over the rounds")
    before, after = settings["load_average"]
    print(f"load average: {before:.2f} before, {after:.2f} after (two busy CPUs of the benchmark's own included)")
    for title, result in results.items():
        cut = of(result, "saturated", "truncated")
        if cut and result["kind"] != "limit":
            print(f"{title}: {cut / max(1, of(result, 'saturated', 'answered')):.2%} of its UDP answers were truncated")
