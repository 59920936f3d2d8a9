#!/usr/bin/env python3
"""One seed makes one cluster, and the cluster makes every input of the benchmark.

    cluster.py FOLDER [--services 10000] [--seed 1] [--queries 50000] [--crowded]

FOLDER/manifests/NAMESPACE.yaml   the cluster as Kubernetes objects, a file for each namespace
FOLDER/cluster.yaml               the same objects, one multi-document file
FOLDER/cluster.json               the same objects, one `kind: List`
FOLDER/cluster.local.zone         the records of these objects, for servers that read zone files
FOLDER/in-addr.arpa.zone
FOLDER/queries.txt                NAME TYPE RCODE ANSWERS EDNS, one query a line (queries.h reads it)
FOLDER/facts.json                 the canary: the Service that the benchmark changes
"""
import argparse
import json
import os
import random
from dataclasses import dataclass, field

import manifests
import zonefiles

DOMAIN = "cluster.local"
SERVICES_PER_NAMESPACE = 20
# Of every twenty Services in a row: 16 ClusterIP, 3 headless, 1 ExternalName.
KINDS = ["cluster"] * 16 + ["headless"] * 3 + ["external"]
ENDPOINTS = {"cluster": 2, "headless": 5, "external": 0}
# In a crowded cluster five endpoints in general, and six for some: 200,000 Services have a million.
CROWDED = {"cluster": 5, "headless": 5, "external": 0}
SIXTH = 5  # of every sixteen ClusterIP Services
PORTS = (("http", 80), ("metrics", 9090))
WORDS = (
    "account agent archive badge basket beacon booking broker catalog checkout courier coupon customs delivery "
    "depot dispatch export fleet forecast fraud harbour import index invoice label ledger locker mailer market "
    "notice order parcel partner payment planner pricing profile queue refund report returns review route "
    "scanner search session stock supplier tariff ticket token tracker vendor voucher warehouse"
).split()
OUTSIDE = ("images.example.com", "api.example.org", "storage.example.net", "login.example.com")


@dataclass(slots=True)
class Service:
    number: int
    namespace: str
    name: str
    kind: str  # "cluster", "headless" or "external"
    address: str = ""  # only "cluster"
    endpoints: list = field(default_factory=list)  # (hostname or "", address)

    @property
    def full_name(self):
        return f"{self.name}.{self.namespace}.svc.{DOMAIN}"

    @property
    def target(self):
        return f"{self.name}.example.com"


def dotted(number):
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def reverse(address):
    return ".".join(reversed(address.split("."))) + ".in-addr.arpa"


class Cluster:
    def __init__(self, count, seed, is_crowded=False):
        self.is_crowded = is_crowded
        self.random = random.Random(seed)
        self.namespaces = [
            f"{self.random.choice(WORDS)}-{n}" for n in range(max(1, count // SERVICES_PER_NAMESPACE))
        ]
        self.services = []
        self.next_service_address = (10 << 24) + (96 << 16) + 10  # 10.96.0.0/12, as kubeadm has it
        self.next_pod_address = (10 << 24) + (128 << 16) + 1  # 10.128.0.0/9
        for number in range(count):
            self.services.append(self.make(number))
        # Not among `services`, so no query of the load asks for it and its address may change at any time.
        self.canary = Service(count, self.namespaces[0], "canary", "cluster", manifests.canary_address(0))

    def make(self, number):
        # The shift by the row gives each namespace all kinds, although it gets every n-th Service.
        kind = KINDS[(number + number // len(KINDS)) % len(KINDS)]
        name = f"{self.random.choice(WORDS)}-{self.random.choice(WORDS)}-{number}"
        service = Service(number, self.namespaces[number % len(self.namespaces)], name, kind)
        if kind == "cluster":
            service.address = dotted(self.next_service_address)
            self.next_service_address += 1
        for n in range(self.endpoints_of(kind, number)):
            hostname = f"{name}-{n}" if kind == "headless" else ""  # as a StatefulSet gives them
            service.endpoints.append((hostname, dotted(self.next_pod_address)))
            self.next_pod_address += 1
        return service

    def endpoints_of(self, kind, number):
        if not self.is_crowded:
            return ENDPOINTS[kind]
        return CROWDED[kind] + (kind == "cluster" and number % 16 < SIXTH)

    def queries(self, count):
        """What Pods with `search` and `ndots:5` ask: (name, type, rcode, answers)."""
        by_kind = {kind: [s for s in self.services if s.kind == kind] for kind in ENDPOINTS}
        plain = by_kind["cluster"] + by_kind["external"]
        addressed = by_kind["cluster"] + by_kind["headless"]
        pick = self.random.choice
        for _ in range(count):
            share = self.random.random()
            if share < 0.35:
                yield pick(plain).full_name, "A", 0, 1
            elif share < 0.55:
                yield pick(addressed).full_name, "AAAA", 0, 0
            elif share < 0.70:
                yield self.search_step(pick(plain)), pick(("A", "AAAA")), 3, 0
            elif share < 0.80:
                service = pick(addressed)
                answers = 1 if service.kind == "cluster" else len(service.endpoints)
                yield f"_{pick(PORTS)[0]}._tcp.{service.full_name}", "SRV", 0, answers
            elif share < 0.90:
                service = pick(addressed)
                yield reverse(service.address or pick(service.endpoints)[1]), "PTR", 0, 1
            else:
                service = pick(by_kind["headless"])
                yield service.full_name, "A", 0, len(service.endpoints)

    def search_step(self, service):
        """A name that a stub resolver makes on its way through the search list, and that does not exist."""
        near = f"{self.random.choice(self.namespaces)}.svc.{DOMAIN}"
        how = self.random.random()
        if how < 0.4:
            return f"{service.full_name}.{self.random.choice((near, f'svc.{DOMAIN}', DOMAIN))}"
        if how < 0.7:
            return f"{self.random.choice(OUTSIDE)}.{self.random.choice((near, f'svc.{DOMAIN}', DOMAIN))}"
        return f"{service.name}.{service.namespace}.{near}"


def generate(folder, services=10_000, seed=1, queries=50_000, is_crowded=False, forms=("folder", "yaml", "json", "zones")):
    cluster = Cluster(services, seed, is_crowded)
    os.makedirs(folder, exist_ok=True)
    manifests.write(cluster, folder, PORTS, forms)
    if "zones" in forms:
        zonefiles.write(cluster, folder, PORTS, DOMAIN, reverse)
    with open(f"{folder}/queries.txt", "w") as file:
        for name, kind, rcode, answers in cluster.queries(queries):
            file.write(f"{name} {kind} {rcode} {answers} {cluster.random.getrandbits(1)}\n")
    facts = {
        "canary": cluster.canary.full_name,
        "canary_file": f"{cluster.namespaces[0]}.yaml",
        "namespace": cluster.namespaces[0],
        "endpoints": sum(len(service.endpoints) for service in cluster.services),
    }
    # Written last: a folder with facts is complete.
    with open(f"{folder}/facts.json", "w") as file:
        json.dump(facts, file)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--queries", type=int, default=50_000)
    parser.add_argument("--crowded", action="store_true", help="more endpoints: five for each Service on the average")
    wanted = parser.parse_args()
    generate(wanted.folder, wanted.services, wanted.seed, wanted.queries, wanted.crowded)
