"""The tables of forwarding.py. A dash means not measured."""
from report import median, print_table, text

COSTS = ("zone", "hit", "miss", "slow miss")


def cost(rows, row, key="cpu"):
    return median([run[key] for run in rows.get("costs", {}).get(row, [])])


def ratio(mine, row, theirs, base):
    """The median of the rounds' ratios of CPU an answer."""
    pairs = zip(mine.get("costs", {}).get(row, []), (theirs or {}).get("costs", {}).get(base, []))
    return median([a["cpu"] / b["cpu"] if a["cpu"] and b["cpu"] else None for a, b in pairs])


def runs_of(rows):
    for row in COSTS:
        yield from rows.get("costs", {}).get(row, [])
    for name in ("two dead", "flood", "reloads", "terminated"):
        for key in ("before", "after", "alone", "beside", "flooded", "again", "load"):
            if run := rows.get(name, {}).get(key):
                yield run


def wrong_of(rows):
    return sum(run["wrong"] for run in runs_of(rows))


def cost_row(title, rows, results):
    unbound = results.get("unbound")
    return [
        title,
        text(cost(rows, "zone"), 2),
        text(cost(rows, "hit"), 2),
        text(ratio(rows, "hit", rows, "zone"), 2),
        text(ratio(rows, "hit", unbound, "hit"), 2),
        text(cost(rows, "hit", "rate"), 0, 1e-3),
        text(cost(rows, "miss"), 2),
        text(ratio(rows, "miss", unbound, "miss"), 2),
        text(cost(rows, "miss", "rate"), 0, 1e-3),
        text(cost(rows, "miss", "loss"), 3, 100),
        text(cost(rows, "slow miss", "p50"), 0),
        text(cost(rows, "slow miss", "p99"), 0),
        text(wrong_of(rows), 0),
    ]


COST_HEAD = [
    "server", "zone µs/q", "hit µs/q", "× zone", "× unbound", "hit kq/s", "miss µs/q", "× unbound", "miss kq/s", "loss%",
    "p50", "p99", "wrong",
]  # fmt: skip


def dead_row(title, row):
    before, after = row["before"], row["after"]
    cells = [title]
    for run in (before, after):
        cells += [text(run["asked"], 0), text(run["lost"] + run["wrong"], 0), text(run["p50"], 1, 1e-3)]
        cells += [text(run["p99"], 1, 1e-3), text(run["latest"], 1, 1e-3)]
    return cells


DEAD_HEAD = ["server", "asked", "failed", "p50 ms", "p99", "latest"]
DEAD_HEAD += ["asked, known", "failed", "p50 ms", "p99", "latest"]


def state(row):
    """Before, at most, after."""
    for key, digits in (("mib", 1), ("descriptors", 0)):
        yield " → ".join(text(row[name], digits) for name in (key, f"{key}_most", f"{key}_after"))


def flood_row(title, row):
    alone, beside, flooded = row["alone"], row["beside"], row["flooded"]
    return [
        title,
        text(flooded["asked"], 0),
        text(flooded["lost"] + flooded["wrong"], 0),
        text(alone["p99"], 0),
        text(beside["p99"], 0),
        text(flooded["p99"], 0),
        text(flooded["p99"] / beside["p99"] if beside["p99"] else None, 2),
        text(row["flood"]["answered"] / max(1, row["flood"]["asked"]), 0, 100),
        *state(row),
    ]


FLOOD_HEAD = ["server", "asked", "failed", "p99 µs", "flood past it", "flooded", "ratio", "of the flood answered %", "MiB", "descriptors"]


def change_row(title, what, row, outcome):
    load = row["load"]
    cells = [f"{title}, {what}", outcome, text(load["asked"], 0), text(load["lost"], 0), text(load["wrong"], 0)]
    return [*cells, text(load["p99"], 0), text(load["latest"], 1, 1e-3), *(state(row) if "mib" in row else ("–", "–"))]


CHANGE_HEAD = ["", "outcome", "asked", "lost", "wrong", "p99 µs", "latest ms", "MiB", "descriptors"]


def print_forwarding(results, names):
    """`results` by title."""
    heading = (
        f"forwarding, {names:,} names outside; CPU in µs an answer: of the cluster's zone, from the cache, from a local "
        "upstream; latency of misses in µs at 10,000 q/s"
    )
    costs = [cost_row(title, rows, results) for title, rows in results.items() if "costs" in rows]
    dead = [dead_row(title, rows["two dead"]) for title, rows in results.items() if "two dead" in rows]
    flood = [flood_row(title, rows["flood"]) for title, rows in results.items() if "flood" in rows]
    changes = []
    for title, rows in results.items():
        if row := rows.get("reloads"):
            outcome = f"{row['good']} made, {row['broken']} refused, {row['silent']} silent"
            changes.append(change_row(title, "reloads", row, outcome))
        if row := rows.get("terminated"):
            outcome = f"code {row['code']} after {row['seconds']:.1f} s"
            changes.append(change_row(title, "SIGTERM", row, outcome))
    if costs:
        print_table(heading, COST_HEAD, costs)
    if dead:
        print_table("two dead upstreams of three, first met and then known", DEAD_HEAD, dead)
    if flood:
        print_table("names of the cluster while 2,000 q/s wait for a dead upstream", FLOOD_HEAD, flood)
    if changes:
        print_table("10,000 q/s through reloads and a lame duck of three seconds", CHANGE_HEAD, changes)
