"""Servers that forward: ClusterDNS with a Corefile, Unbound and dnsmasq, each with one worker and a cache.

Their upstreams are `upstream.c`, which answers everything, and sockets that nobody reads: dead ones, which do not
even refuse.
"""
import os
import signal
import socket

from asking import ask
from peers import Peer, Unbound, program
from process import LOAD_CPU, Process
from server import ClusterDNS

READY = "ready.outside.tests"  # known to dnsmasq itself


class Upstream:
    """One that answers, on the load's CPU."""

    def __init__(self, binary, folder, port):
        os.makedirs(folder, exist_ok=True)
        self.port = port
        self.process = Process([binary, str(port)], folder, cpu=LOAD_CPU)

    def stop(self):
        self.process.stop()


class DeadUpstream:
    """One that takes queries and says nothing: no refusal comes from the kernel."""

    def __init__(self, port):
        self.port = port
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", port))

    def stop(self):
        self.socket.close()


class OwnForwarder(ClusterDNS):
    """The Corefile of a cluster, with a folder as its catalog."""

    max_concurrent = 1000  # the default; more are answered REFUSED

    def __init__(self, inputs, work, port, binary, upstreams):
        self.upstreams = upstreams
        super().__init__(inputs, work, port, binary, "folder")
        self.folder += "-forward"

    @property
    def title(self):
        return self.name

    def prepare(self):
        super().prepare()
        self.write("Corefile", self.corefile())

    def corefile(self, change=0):
        """Each change makes another plan; every tenth also another, empty cache."""
        upstreams = " ".join(f"127.0.0.1:{port}" for port in self.upstreams)
        return f""".:{self.port} {{
    bind 127.0.0.1
    health 127.0.0.1:{self.port + 1} {{
        lameduck 3s
    }}
    ready 127.0.0.1:{self.port + 2}
    kubernetes cluster.local in-addr.arpa {{
        catalog {self.catalog}
        ttl 30
    }}
    cache {3600 - change // 10}
    forward . {upstreams} {{
        max_concurrent {self.max_concurrent}
    }}
    loop
    bufsize {1232 - change % 10}
}}
"""

    def command(self):
        return [self.binary, "serve", "--config", f"{self.folder}/Corefile", "--workers", "1"]

    def reload(self):
        os.kill(self.process.popen.pid, signal.SIGHUP)

    def lines_with(self, text):
        """How many lines of the log hold the text."""
        with open(self.process.log_path, errors="replace") as file:
            return sum(text in line for line in file)


class UnboundForwarder(Unbound):
    """Holds the cluster's zones and forwards the rest."""

    def __init__(self, inputs, work, port, upstreams):
        self.upstreams = upstreams
        super().__init__(inputs, work, port)
        self.folder += "-forward"

    def prepare(self):
        super().prepare()
        addresses = "".join(f"  forward-addr: 127.0.0.1@{port}\n" for port in self.upstreams)
        with open(f"{self.folder}/unbound.conf", "a") as file:
            file.write(f'forward-zone:\n  name: "."\n{addresses}')
            file.write("server:\n  do-not-query-localhost: no\n")


class DnsmasqForwarder(Peer):
    name, binary, form, has_changes = "dnsmasq", "dnsmasq", "", False

    def __init__(self, inputs, work, port, upstreams):
        self.upstreams = upstreams
        super().__init__(inputs, work, port)
        self.folder += "-forward"

    def command(self):
        servers = [f"--server=127.0.0.1#{port}" for port in self.upstreams]
        return [
            program("dnsmasq"), "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
            "--no-daemon", f"--port={self.port}", "--listen-address=127.0.0.1", "--bind-interfaces", "--cache-size=10000",
            "--dns-forward-max=2000", f"--host-record={READY},192.0.2.9", f"--pid-file={self.folder}/pid", *servers,
        ]  # fmt: skip

    def is_ready(self):
        return ask(self.port, READY) == ["192.0.2.9"]
