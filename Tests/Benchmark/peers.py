"""The peers: name servers of Debian with one worker each, serving the zone files of the same cluster.

Each runs in the foreground, from a folder of its own, on a port of its own, without the system's configuration.
"""
import os
import shutil
import signal
import subprocess

import apiserver
from process import LOAD_CPU, Process
from server import ZONES, Server

SEARCH_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def program(name):
    return shutil.which(name, path=SEARCH_PATH)


class Peer(Server):
    binary, package, form = "", "", "zones"

    @classmethod
    def is_installed(cls):
        return program(cls.binary) is not None

    def run(self, *command):
        """A control program; its failure shows as a change that is never answered."""
        with open(f"{self.folder}/log", "ab") as log:
            subprocess.run(command, cwd=self.folder, stdout=log, stderr=log, timeout=60, check=False)


class Gdnsd(Peer):
    name = binary = package = "gdnsd"

    def prepare(self):
        os.makedirs(f"{self.folder}/etc/zones")
        os.makedirs(f"{self.folder}/run")
        self.copy_zones("etc/zones/{zone}")
        self.write(
            "etc/config",
            f"""options => {{
  listen => 127.0.0.1:{self.port}
  udp_threads => 1
  tcp_threads => 1
  max_edns_response => 1232
  run_dir => {self.folder}/run
  state_dir => {self.folder}/run
}}
""",
        )

    def command(self):
        return [program("gdnsd"), "-c", f"{self.folder}/etc", "start"]

    def changing_files(self):
        return [f"{self.folder}/etc/zones/{zone}" for zone in ZONES]

    def reload(self):
        self.run(program("gdnsdctl"), "-c", f"{self.folder}/etc", "reload-zones")


class Knot(Peer):
    name, binary, package = "knot", "knotd", "knot"

    def prepare(self):
        self.copy_zones()
        zones = "".join(f"  - domain: {zone}\n    file: {zone}.zone\n" for zone in ZONES)
        self.write(
            "knot.conf",
            f"""server:
  listen: 127.0.0.1@{self.port}
  rundir: {self.folder}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
  tcp-max-clients: 4096
log:
  - target: stderr
    any: error
database:
  storage: {self.folder}/database
template:
  - id: default
    storage: {self.folder}
    zonefile-load: whole
    zonefile-sync: -1
    journal-content: none
    semantic-checks: off
zone:
{zones}""",
        )

    def command(self):
        return [program("knotd"), "-c", f"{self.folder}/knot.conf", "-s", f"{self.folder}/control"]

    def reload(self):
        self.run(program("knotc"), "-s", f"{self.folder}/control", "zone-reload", *ZONES)


class NSD(Peer):
    name = binary = package = "nsd"

    def prepare(self):
        self.copy_zones()
        zones = "".join(f'zone:\n  name: "{zone}"\n  zonefile: "{zone}.zone"\n' for zone in ZONES)
        self.write(
            "nsd.conf",
            f"""server:
  server-count: 1
  ip-address: 127.0.0.1
  port: {self.port}
  username: ""
  chroot: ""
  zonesdir: "{self.folder}"
  database: ""
  pidfile: "{self.folder}/pid"
  xfrdfile: "{self.folder}/xfrd.state"
  zonelistfile: "{self.folder}/zone.list"
  tcp-count: 4096
  minimal-responses: yes
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
{zones}""",
        )

    def command(self):
        return [program("nsd"), "-d", "-c", f"{self.folder}/nsd.conf"]

    def reload(self):
        os.kill(self.process.popen.pid, signal.SIGHUP)


class Unbound(Peer):
    """A resolver that holds the zones itself, as far as it can be compared."""

    name = binary = package = "unbound"
    largest = 10_000

    def prepare(self):
        self.copy_zones()
        zones = "".join(
            f'auth-zone:\n  name: "{zone}"\n  zonefile: "{self.folder}/{zone}.zone"\n'
            "  for-downstream: yes\n  for-upstream: no\n  fallback-enabled: no\n"
            for zone in ZONES
        )
        self.write(
            "unbound.conf",
            f"""server:
  num-threads: 1
  interface: 127.0.0.1
  port: {self.port}
  username: ""
  chroot: ""
  directory: "{self.folder}"
  pidfile: "{self.folder}/pid"
  use-syslog: no
  minimal-responses: yes
  module-config: "iterator"
  local-zone: "10.in-addr.arpa." nodefault
  incoming-num-tcp: 512
remote-control:
  control-enable: yes
  control-interface: "{self.folder}/control"
  control-use-cert: no
{zones}""",
        )

    def command(self):
        return [program("unbound"), "-d", "-c", f"{self.folder}/unbound.conf"]

    def reload(self):
        for zone in ZONES:
            self.run(program("unbound-control"), "-c", f"{self.folder}/unbound.conf", "auth_zone_reload", zone)


class BIND(Peer):
    name, binary, package = "bind", "named", "bind9"
    largest = 10_000

    def prepare(self):
        self.copy_zones()
        zones = "".join(f'zone "{z}" {{ type primary; file "{z}.zone"; check-names ignore; }};\n' for z in ZONES)
        self.write(
            "named.conf",
            f"""options {{
  directory "{self.folder}";
  pid-file "{self.folder}/pid";
  session-keyfile "{self.folder}/session.key";
  managed-keys-directory "{self.folder}";
  lock-file none;
  listen-on port {self.port} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  recursion no;
  minimal-responses yes;
  answer-cookie no;
  empty-zones-enable no;
  notify no;
  tcp-clients 2000;
  dnssec-validation no;
}};
key "control" {{ algorithm hmac-sha256; secret "YmVuY2htYXJr"; }};
controls {{ inet 127.0.0.1 port {self.port + 1} allow {{ 127.0.0.1; }} keys {{ "control"; }}; }};
{zones}""",
        )
        self.write("control.key", 'key "control" { algorithm hmac-sha256; secret "YmVuY2htYXJr"; };\n')

    def command(self):
        return [program("named"), "-f", "-n", "1", "-U", "1", "-c", f"{self.folder}/named.conf"]

    def reload(self):
        self.run(program("rndc"), "-k", f"{self.folder}/control.key", "-p", str(self.port + 1), "reload")


class Yadifa(Peer):
    name, binary, package = "yadifa", "yadifad", "yadifa"
    has_changes = False
    largest = 10_000

    def prepare(self):
        self.copy_zones()
        zones = "".join(f"<zone>\n type primary\n domain {z}\n file {z}.zone\n</zone>\n" for z in ZONES)
        self.write(
            "yadifad.conf",
            f"""<main>
 listen 127.0.0.1 port {self.port}
 port {self.port}
 pidfile "{self.folder}/pid"
 logpath "{self.folder}"
 keyspath "{self.folder}"
 datapath "{self.folder}"
 xfrpath "{self.folder}"
 user root
 group root
 daemon off
 thread-count-by-address 1
 max-tcp-queries 255
 statistics 0
 allow-query any
</main>
<rrl>
 enabled 0
</rrl>
<channels>
 main yadifad.log 0644
</channels>
<loggers>
 "*" crit main
</loggers>
{zones}""",
        )

    def command(self):
        return [program("yadifad"), "-c", f"{self.folder}/yadifad.conf"]


class CoreDNS(Peer):
    """CoreDNS with its kubernetes plugin, behind a stand-in for the API server that runs on the load's CPU."""

    name, form = "coredns", "api"
    environment = {"GOMAXPROCS": "1"}
    path = None  # set by --coredns

    def __init__(self, inputs, work, port):
        super().__init__(inputs, work, port)
        self.api = None

    @classmethod
    def is_installed(cls):
        return cls.path is not None

    def prepare(self):
        self.write(
            "Corefile",
            f""".:{self.port} {{
    bind 127.0.0.1
    kubernetes cluster.local in-addr.arpa {{
        endpoint http://127.0.0.1:{self.port + 1}
        ttl 30
    }}
}}
""",
        )
        self.api = apiserver.start(self.inputs.folder, self.port + 1, self.folder, Process, LOAD_CPU)

    def command(self):
        return [self.path, "-conf", f"{self.folder}/Corefile"]

    def changing_files(self):
        return []

    def reload(self):
        apiserver.change_canary(self.port + 1, self.inputs.canary, self.changes)

    def stop(self):
        super().stop()
        if self.api:
            self.api.stop()


QUICK = [Gdnsd, Knot, NSD]
ALL = [Gdnsd, Knot, NSD, Yadifa, BIND, Unbound]
# dnsmasq takes part in forwarding: it keeps SRV records in a list, which is no match for a cluster.
PACKAGES = [*(peer.package for peer in ALL), "dnsmasq-base"]


def versions(packages):
    """As "gdnsd 3.8.1", from Debian's own list."""
    names = list(filter(None, packages))
    if not names:  # dpkg-query would list everything that is installed
        return []
    command = ["dpkg-query", "-W", "-f=${Package} ${source:Upstream-Version}\\n", *names]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    return listed.stdout.split("\n")[:-1]
