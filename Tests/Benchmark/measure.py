"""The measurements: each runs servers, loads them, and returns plain dicts of numbers."""
import contextlib
import json
import signal
import subprocess
import sys
import threading
import time

from process import LOAD_CPU, settle

LOSS_LIMIT = 0.001  # a rate counts as answered while less than this is lost
GROUP = 16  # queries of one system call of the load's
CLIENTS = {"sockets": 1, "clients": 4096}  # every query from another address, as from Pods
ONE_SOCKET = {"sockets": 1, "joined": None}  # a node cache or a resolver in front: GSO out, GRO in
WINDOWS = (256, 128, 64)  # queries outstanding; the next smaller one for a server that loses some
CHANGE_LIMIT = 60  # seconds until a change counts as not answered


def say(text):
    print(text, file=sys.stderr, flush=True)


class Loader:
    """Runs the load generator against one server and reads the server's CPU time around it."""

    def __init__(self, binary):
        self.binary = binary

    def run(self, server, mode, seconds, **options):
        """The generator's figures with the server's CPU µs an answer: user, system, cpu."""
        return self.begin(server, mode, seconds, **options)()

    def begin(self, server, mode, seconds, queries=None, cpu=LOAD_CPU, **options):
        """Starts a run; what comes back waits for its figures. An option with the value None is a flag."""
        command = [self.binary, "--mode", mode, "--port", str(server.port), "--seconds", str(seconds)]
        command += ["--queries", queries or f"{server.inputs.folder}/queries.txt"]
        for word, value in options.items():
            command += [f"--{word}", str(value)] if value is not None else [f"--{word}"]
        if server.kind == "limit" and server.name != "echo table":
            command.append("--unchecked")
        before = server.process.cpu()
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=settle(cpu))

        def figures(end=False):
            """With `end` the run is over now: its last queries get their time, then it prints."""
            if end:
                running.send_signal(signal.SIGINT)
            output, _ = running.communicate()
            if running.returncode:
                raise subprocess.CalledProcessError(running.returncode, command)
            return self.costs(json.loads(output), before, server.process.cpu())

        return figures

    @contextlib.contextmanager
    def holding(self, server, connections):
        """Connections that are open and idle after one query each; what comes of these queries."""
        command = [self.binary, "--mode", "idle", "--port", str(server.port), "--sockets", str(connections)]
        command += ["--queries", f"{server.inputs.folder}/queries.txt", "--seconds", "20", "--warmup", "0"]
        holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=settle(LOAD_CPU))
        try:
            yield json.loads(holder.stdout.readline())
        finally:
            holder.kill()
            holder.communicate()

    @staticmethod
    def costs(figures, before, after):
        spent = [(late - early) * 1e6 for early, late in zip(before, after)]
        for word, microseconds in zip(("user", "system", "cpu"), (*spent, sum(spent))):
            figures[word] = microseconds / figures["answered"] if figures["answered"] else None
        return figures


def settle_memory():
    """What a server frees or gives back after work is not its size."""
    time.sleep(1)


def saturated(loader, server, seconds, kind="", **options):
    """The highest rate without loss worth naming. Fewer outstanding queries for a server whose buffer overflows.
    What it bore is remembered for each `kind` of queries."""
    figures = None
    for window in WINDOWS:
        if window > server.windows.get(kind, WINDOWS[0]):
            continue
        words = {**CLIENTS, "window": window, "group": GROUP, "timeout": 0.3, **options}
        figures = loader.run(server, "closed", seconds, **words)
        server.windows[kind] = window
        if figures["loss"] < LOSS_LIMIT:
            break
    return figures


def from_one_socket(loader, server, seconds):
    return saturated(loader, server, seconds, "one socket", clients=0, **ONE_SOCKET)


def udp_round(loader, server, seconds):
    return {
        "saturated": saturated(loader, server, seconds),
        "one socket": from_one_socket(loader, server, seconds * 0.7),
    }


def steady(loader, server, seconds, rate):
    return {"steady": loader.run(server, "open", seconds, rate=rate, timeout=2, warmup=0.05, **CLIENTS)}


def tcp_round(loader, server, seconds):
    return {
        "stream16": loader.run(server, "pipelined", seconds * 0.7, depth=16),
        "stream1": loader.run(server, "pipelined", seconds * 0.7, depth=1),
        "churn": loader.run(server, "churn", seconds * 0.7),
    }


def wait_for_change(server, pause):
    """Whether the change was answered in time."""
    begin = time.monotonic()
    while time.monotonic() - begin < CHANGE_LIMIT:
        if server.answers_change():
            return True
        time.sleep(pause)
    return False


def life(server, changes):
    """Start, memory, and one Service changed some times. The server is left running; it is the caller's to stop."""
    figures = {"start": server.start()}
    if figures["start"] is None:
        say(f"{server.title}: no right answer; {server.last_words()}")
        return figures
    time.sleep(0.3)  # what it frees after its start is not its size
    figures["pss"], figures["peak"] = server.process.pss(), server.process.peak()
    figures["changes"] = []
    for _ in range(changes if server.has_changes else 0):
        server.stage()
        begin = time.monotonic()
        server.change()
        if not wait_for_change(server, 0.0005):
            say(f"{server.title}: a change was never answered; {server.last_words()}")
            break
        figures["changes"].append(time.monotonic() - begin)
        time.sleep(0.2)
    figures["pss_after"], figures["peak_after"] = server.process.pss(), server.process.peak()
    return figures


def under_changes(loader, server, seconds, rate):
    """Changes one after the other while queries come at a fixed rate."""
    made, over = 0, threading.Event()

    def change_again():
        nonlocal made
        while not over.wait(0.1):
            server.stage()
            server.change()
            # Looking seldom: this thread shares the load's CPU.
            while not server.answers_change() and not over.wait(0.02):
                pass
            made += 1

    thread = threading.Thread(target=change_again, daemon=True)
    thread.start()
    try:
        figures = loader.run(server, "open", seconds, rate=rate, timeout=2)
    finally:
        over.set()
        thread.join()
    figures["made"] = made
    return figures
