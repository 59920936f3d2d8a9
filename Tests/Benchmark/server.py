"""What all servers under measurement have in common: start, change one Service, stop."""
import json
import os
import re
import shutil
import socket
import time

from asking import ask, is_answering
from manifests import canary_address
from process import SERVER_CPU, Process, settle
from zonefiles import serial

START_LIMIT = 120  # seconds
ZONES = ("cluster.local", "in-addr.arpa")


class Inputs:
    """A folder that cluster.py filled."""

    def __init__(self, folder, services):
        self.folder, self.services = folder, services
        with open(f"{folder}/facts.json") as file:
            facts = json.load(file)
        self.canary, self.canary_file, self.namespace = facts["canary"], facts["canary_file"], facts["namespace"]
        self.endpoints = facts["endpoints"]


class Server:
    name = ""
    form = ""  # what it reads: folder, yaml, json, zones, api
    kind = "peer"  # or "own", or "limit"
    has_udp = has_tcp = has_changes = True
    environment = {}
    largest = 1_000_000  # Services that it is asked to serve here
    cpus = (SERVER_CPU,)

    def __init__(self, inputs, work, port):
        self.inputs, self.port = inputs, port
        self.folder = f"{work}/{self.title.replace(' ', '-')}-{inputs.services}"
        self.process, self.changes, self.staged = None, 0, []
        self.windows = {}  # queries outstanding that it bore

    @property
    def title(self):
        return self.name

    # For subclasses
    def prepare(self):
        """Writes configuration and data into `folder`."""

    def command(self):
        raise NotImplementedError

    def changing_files(self):
        """The files of `folder` that name the canary."""
        return [f"{self.folder}/{zone}.zone" for zone in ZONES]

    def reload(self):
        """Tells the server that its files are new."""

    # Life
    def start(self, wrapper=(), before_exec=None):
        """Seconds from exec to the first right answer, or None if it never came."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(f"{self.folder}/staged")
        self.changes = 0
        os.chmod(self.folder, 0o777)  # some servers change their user
        self.prepare()
        begin = time.monotonic()
        before_exec = before_exec or settle(*self.cpus)
        self.process = Process(
            [*wrapper, *self.command()], self.folder, environment=self.environment, before_exec=before_exec
        )
        while time.monotonic() - begin < START_LIMIT:
            if self.is_ready():
                return time.monotonic() - begin
            if self.process.has_ended():
                return None
            time.sleep(0.001)
        return None

    def is_ready(self):
        return self.answers_change()

    def stop(self):
        if self.process:
            self.process.stop()

    # Changes
    def answers_change(self):
        """Whether the answer is that of the latest change."""
        return ask(self.port, self.inputs.canary) == [canary_address(self.changes)]

    def stage(self):
        """Writes the files of the next change beside the ones in use."""
        old, new = self.changes, self.changes + 1
        pairs = [
            (canary_address(old), canary_address(new)),
            (backwards(canary_address(old)), backwards(canary_address(new))),
            (f" {serial(old)} ", f" {serial(new)} "),
        ]
        self.staged = []
        for path in self.changing_files():
            with open(path, "rb") as file:
                text = file.read()
            for before, after in pairs:
                text = text.replace(before.encode(), after.encode())
            copy = f"{self.folder}/staged/{os.path.basename(path)}"
            with open(copy, "wb") as file:
                file.write(text)
            os.chmod(copy, 0o666)
            self.staged.append((copy, path))

    def change(self):
        """Moves the staged files into place, each in one step, and tells the server."""
        self.changes += 1
        for copy, path in self.staged:
            os.replace(copy, path)
        self.reload()

    def write(self, name, text):
        path = f"{self.folder}/{name}"
        with open(path, "w") as file:
            file.write(text)
        return path

    def copy_zones(self, target="{zone}.zone"):
        for zone in ZONES:
            path = f"{self.folder}/{target.format(zone=zone)}"
            place(f"{self.inputs.folder}/{zone}.zone", path)
            os.chmod(path, 0o666)

    def last_words(self):
        """The end of the log, for a server that did not come up."""
        with open(f"{self.folder}/log", errors="replace") as file:
            return re.sub(r"\s+", " ", file.read()[-400:]).strip() or "no output"


def place(source, target):
    """A file under another name: nobody writes into it, a change puts another file in its place."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)


def backwards(address):
    return ".".join(reversed(address.split("."))) + ".in-addr.arpa."


class ClusterDNS(Server):
    """The server of this repository; `form` says which kind of catalog it reads."""

    name, kind = "clusterdns", "own"

    def __init__(self, inputs, work, port, binary, form="folder", workers=1):
        self.binary, self.form, self.workers = binary, form, workers
        super().__init__(inputs, work, port)

    @property
    def title(self):
        return f"{self.name} {self.form}" + (f" {self.workers}w" if self.workers > 1 else "")

    @property
    def catalog(self):
        return f"{self.folder}/catalog" + {"folder": "", "yaml": ".yaml", "json": ".json"}[self.form]

    def prepare(self):
        if self.form == "folder":
            shutil.copytree(f"{self.inputs.folder}/manifests", self.catalog, copy_function=place)
        else:
            place(f"{self.inputs.folder}/cluster.{self.form}", self.catalog)

    def command(self):
        return [self.binary, "serve", self.catalog, "--listen", f"127.0.0.1:{self.port}", "--workers", str(self.workers)]

    def changing_files(self):
        return [f"{self.catalog}/{self.inputs.canary_file}" if self.form == "folder" else self.catalog]


class Limit(Server):
    """One way of echo.c: what remains without a name server's work."""

    kind, has_changes = "limit", False

    def __init__(self, inputs, work, port, binary, way):
        self.binary, self.way, self.name = binary, way, f"echo {way}"
        self.has_udp, self.has_tcp = way != "tcp", way == "tcp"
        super().__init__(inputs, work, port)

    def command(self):
        return [self.binary, self.way, str(self.port), f"{self.inputs.folder}/queries.txt"]

    def is_ready(self):
        if self.has_udp:
            return is_answering(self.port)
        return is_listening(self.port)


def is_listening(port):
    try:
        socket.create_connection(("127.0.0.1", port), 0.1).close()
        return True
    except OSError:
        return False
