"""Numbers of an earlier run, which had other parts, beside those of this one."""


def add(bench, facts, numbers):
    for title, theirs in numbers["servers"].items():
        mine = bench.results.setdefault(title, {**theirs, "rounds": {}, "life": {}, "sizes": {}})
        mine["rounds"] |= theirs["rounds"]
        for word in ("life", "sizes"):
            # The sizes of catalogs are numbers here, and text in JSON.
            mine.setdefault(word, {}).update({int(size): value for size, value in theirs.get(word, {}).items()})
        for word in ("under_changes", "instructions"):
            if theirs.get(word):
                mine[word] = theirs[word]
    bench.extra |= numbers["extra"]
    for word in ("parts", "versions", "rounds_done"):
        facts[word] = joined(facts[word], numbers["facts"][word])
    facts["took"] = sum(facts["parts"].values())


def joined(mine, theirs):
    if isinstance(mine, dict):
        return {**theirs, **mine}
    if isinstance(mine, list):
        return [*mine, *(item for item in theirs if item not in mine)]
    return max(mine, theirs)
