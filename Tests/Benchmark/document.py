"""docs/benchmark.md: the results of a run between two marks, and its charts beside it."""
import charts
from report import noise, of, tables, text
from verdict import HEAD, LARGE, SMALL, criteria

BEGIN, END = "<!-- results: written by bench.py --write-docs -->", "<!-- end of results -->"
SERVERS = {"clusterdns folder": "ClusterDNS", "clusterdns yaml": "ClusterDNS, one file", "coredns": "CoreDNS"}


def write(bench, facts, docs):
    path = f"{docs}/benchmark.md"
    with open(path) as file:
        page = file.read()
    before, rest = page.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    with open(path, "w") as file:
        file.write(f"{before}{BEGIN}\n{results(bench, facts)}\n{END}{after}")
    for name, chart in charts_of(bench, facts):
        with open(f"{docs}/{name}.svg", "w") as file:
            file.write(chart)


def results(bench, facts):
    paragraphs = [
        f"{facts['date']}, {facts['machine']}. {', '.join(facts['versions'])}. The run took {facts['took']:.0f} s. "
        + " ".join(noise(bench.results, facts)),
        markdown(HEAD, [criterion.cells for criterion in criteria(bench)]),
    ]
    paragraphs += [f"![{alt}]({name}.svg)" for name, alt in CHARTS]
    for title, head, rows in tables(bench, facts):
        paragraphs += [title[0].upper() + title[1:] + ":", markdown(head, rows)]
    return "\n\n".join(paragraphs)


def markdown(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


# ---- Charts

CHARTS = [
    ("benchmark-udp", "CPU time of a UDP answer by server, user and system"),
    ("benchmark-latency", "Latency at a fixed rate by server: p50, p99 and p99.9"),
    ("benchmark-tcp", "CPU time of a TCP answer by server"),
    ("benchmark-sizes", "Start, memory and change by size of the catalog"),
]


def name_of(title):
    return SERVERS.get(title, title)


def charts_of(bench, facts):
    results = bench.results
    measured = [title for title, result in results.items() if of(result, "saturated", "cpu")]
    measured.sort(key=lambda title: of(results[title], "saturated", "cpu"))
    services = f"{facts['services']:,} Services"
    rows = {
        name_of(title): [of(results[title], "saturated", "user"), of(results[title], "saturated", "system")]
        for title in measured
    }
    yield "benchmark-udp", charts.bars(f"UDP: server CPU an answer, {services}", "µs", ("user", "system"), rows)
    keys = ("p50", "p99", "p999")
    rows = {name_of(title): [of(results[title], "steady", key) for key in keys] for title in measured}
    title = f"UDP: latency at {facts['rate']:,} queries a second, {services}"
    yield "benchmark-latency", charts.dots(title, "µs", ("p50", "p99", "p99.9"), rows)
    figures = ("stream16", "stream1", "churn")
    names = ("16 queries a write", "one a write", "one a connection")
    streams = [title for title, result in results.items() if of(result, "stream16", "cpu")]
    streams.sort(key=lambda title: of(results[title], "stream16", "cpu"))
    rows = {name_of(title): [of(results[title], figure, "cpu") for figure in figures] for title in streams}
    yield "benchmark-tcp", charts.dots(f"TCP: server CPU an answer, {services}", "µs", names, rows)
    yield "benchmark-sizes", charts.panels("By size of the catalog (Services)", panels(results))


def panels(results):
    """(title, {server: [(services, value)]}) for start, memory and change."""
    shown = [title for title, result in results.items() if any(size in (SMALL, LARGE) for size in result["life"])]
    shown = [title for title in shown if title != "clusterdns json" and len(results[title]["life"]) > 2]

    def lines(value):
        return {
            name_of(title): [(size, found) for size, life in sorted(results[title]["life"].items())
                             if size <= LARGE and (found := value(life))]
            for title in shown
        }  # fmt: skip

    yield "start, s", lines(lambda life: life.get("start"))
    yield "memory, MiB", lines(lambda life: life.get("pss"))
    yield "one change, ms", lines(lambda life: 1e3 * sorted(life["changes"])[len(life["changes"]) // 2] if life.get("changes") else None)
