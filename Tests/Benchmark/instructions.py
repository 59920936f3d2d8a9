"""User-space instructions of a query, counted by callgrind. Needs no quiet machine: the count repeats.

Only the thread that answers is counted, and only the difference of two loads, so that neither the start nor what other
threads do is in it. Server and load share a CPU, and the server never interrupts the load: it finds sixteen queries
each time, whatever else the machine does.
"""
import collections
import os
import re
import shutil
import subprocess

from measure import CLIENTS, GROUP, ONE_SOCKET, say
from process import LOAD_CPU, settle

SERVICES = 1000  # valgrind makes loading slow, and the count hardly depends on them
COMPARED = ("gdnsd", "knot")  # in a run that has other parts, too
FEW, MANY = 4_000, 24_000  # queries of the two loads


def count(loader, server, folder):
    """{"clients": of queries that come one by one, "one socket": of those that come joined}, or None."""
    output = f"{folder}/callgrind-{server.title.replace(' ', '-')}"
    shutil.rmtree(output, ignore_errors=True)
    os.makedirs(output)
    tool = ["valgrind", "-q", "--tool=callgrind", "--separate-threads=yes", "--instr-atstart=no"]
    tool.append(f"--callgrind-out-file={output}/%p")
    try:
        server.environment = {**server.environment, "LD_PRELOAD": f"{folder}/sigsuspend.so"}
        if server.start(tool, settle(LOAD_CPU, is_yielding=True)) is None:
            say(f"{server.title}: no right answer under callgrind; {server.last_words()}")
            return None
        control(server, "-i", "on")
        ways = {"clients": CLIENTS, "one socket": ONE_SOCKET}
        return {name: per_query(loader, server, output, way) for name, way in ways.items()}
    finally:
        server.stop()


def per_query(loader, server, output, way):
    counts, answered = [], []
    for limit in (FEW, MANY):
        control(server, "-z")
        words = {"window": GROUP, "group": GROUP, "warmup": 0, "timeout": 20, "limit": limit, "naps": None, **way}
        answered.append(loader.run(server, "closed", 300, **words)["answered"])
        control(server, "-d")
        counts.append(counts_by_thread(output))
    less, more = counts
    # The thread that answers is the one that has much more to do in the second load.
    spent, queries = max((more[thread] - less[thread] for thread in more), default=0), answered[1] - answered[0]
    # Next to nothing: callgrind_control does not reach the workers that NSD forks.
    return spent / queries if spent > queries > 0 else None


def counts_by_thread(output):
    """Instructions since they were set to zero. A dump has a file for each thread: PID.DUMP-THREAD."""
    totals = collections.Counter()
    for name in os.listdir(output):
        if found := re.fullmatch(r"(\d+)\.\d+(-\d+)?", name):
            with open(f"{output}/{name}", errors="replace") as file:
                totals[found.groups()] += sum(int(line.split()[1]) for line in file if line.startswith("totals:"))
        os.remove(f"{output}/{name}")
    return totals


def control(server, *words):
    """One process at a time: callgrind_control gives up at the first that does not answer."""
    for pid in server.process.tree():
        subprocess.run(["callgrind_control", *words, str(pid)], capture_output=True, timeout=60, check=False)


def stripped(binary, folder):
    """A copy of the program without its debugging information, which valgrind 3.19 cannot always read."""
    copy = f"{folder}/clusterdns-stripped"
    shutil.copy(binary, copy)
    subprocess.run(["strip", "--strip-debug", copy], check=True)
    return copy


def run(bench):
    own = stripped(bench.binary, bench.work) if bench.binary else None
    is_alone = len(bench.chosen.parts) == 1
    others = [peer for peer in bench.peers(SERVICES) if is_alone or peer.name in COMPARED]
    for server in [*bench.own(SERVICES, "folder", binary=own), *bench.limits(SERVICES, "udp", "table"), *others]:
        if not bench.has_time(needed=15):
            say(f"{server.title}: no time left to count its instructions")
            continue
        counts = count(bench.loader, server, bench.work)
        bench.result(server)["instructions"] = counts
        if counts:
            say(f"{server.title}: {counts['clients'] or 0:,.1f} user instructions a query")
