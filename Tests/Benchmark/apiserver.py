#!/usr/bin/env python3
"""As much of the Kubernetes API as CoreDNS's kubernetes plugin needs: list and watch of four kinds.

    apiserver.py CLUSTER.JSON PORT

PUT /canary with a Service as JSON replaces it and tells the watchers.
"""
import json
import os
import queue
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

RESOURCES = {
    "/api/v1/services": ("v1", "Service"),
    "/api/v1/namespaces": ("v1", "Namespace"),
    "/api/v1/pods": ("v1", "Pod"),
    "/apis/discovery.k8s.io/v1/endpointslices": ("discovery.k8s.io/v1", "EndpointSlice"),
}


class Store:
    def __init__(self):
        self.lock = threading.Lock()
        self.version = 0
        self.objects = {kind: {} for _, kind in RESOURCES.values()}
        self.watchers = {kind: [] for _, kind in RESOURCES.values()}

    def put(self, item):
        with self.lock:
            self.version += 1
            item["metadata"]["resourceVersion"] = str(self.version)
            item["metadata"].setdefault("uid", f"00000000-0000-4000-8000-{self.version:012x}")
            key = item["metadata"].get("namespace"), item["metadata"]["name"]
            objects = self.objects[item["kind"]]
            event = {"type": "MODIFIED" if key in objects else "ADDED", "object": item}
            objects[key] = item
            for watcher in self.watchers[item["kind"]]:
                watcher.put(event)

    def watch(self, kind):
        """A queue of events from now on, the objects until now, and the version between them."""
        with self.lock:
            watcher = queue.SimpleQueue()
            self.watchers[kind].append(watcher)
            return watcher, list(self.objects[kind].values()), str(self.version)


store = Store()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send_whole(self, value, code=200):
        body = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_piece(self, *values):
        body = b"".join(json.dumps(value).encode() + b"\n" for value in values)
        self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
        self.wfile.flush()

    def do_PUT(self):
        store.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_whole({})

    def do_GET(self):
        url = urlparse(self.path)
        wishes = {key: values[0] for key, values in parse_qs(url.query).items()}
        if url.path == "/version":
            return self.send_whole({"major": "1", "minor": "34", "gitVersion": "v1.34.0"})
        if url.path not in RESOURCES:
            return self.send_whole({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404}, 404)
        version, kind = RESOURCES[url.path]
        if wishes.get("watch") in ("1", "true"):
            return self.send_events(version, kind, wishes.get("sendInitialEvents") == "true")
        with store.lock:
            metadata = {"resourceVersion": str(store.version)}
            items = list(store.objects[kind].values())
        return self.send_whole({"apiVersion": version, "kind": f"{kind}List", "metadata": metadata, "items": items})

    def send_events(self, version, kind, from_the_start):
        watcher, objects, at = store.watch(kind)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            if from_the_start:
                # A watch that begins with a list ends it with a bookmark (Kubernetes "streaming lists").
                for first in range(0, len(objects), 500):
                    self.send_piece(*({"type": "ADDED", "object": item} for item in objects[first : first + 500]))
                ended = {"resourceVersion": at, "annotations": {"k8s.io/initial-events-end": "true"}}
                bookmark = {"apiVersion": version, "kind": kind, "metadata": ended}
                self.send_piece({"type": "BOOKMARK", "object": bookmark})
            while True:
                self.send_piece(watcher.get())
        except OSError:
            store.watchers[kind].remove(watcher)


# ---- the benchmark's side


def start(inputs, port, folder, make_process, cpu):
    """Starts the stand-in and waits until it listens; CoreDNS's own start is measured after that."""
    command = [sys.executable, os.path.abspath(__file__), f"{inputs}/cluster.json", str(port)]
    process = make_process(command, folder, cpu=cpu)
    while not process.has_ended():
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/version", timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    return process


def change_canary(port, full_name, change):
    from manifests import canary_address

    name, namespace = full_name.split(".")[:2]
    address = canary_address(change)
    body = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"type": "ClusterIP", "clusterIP": address, "clusterIPs": [address], "ports": [{"port": 80}]},
    }
    request = urllib.request.Request(f"http://127.0.0.1:{port}/canary", json.dumps(body).encode(), method="PUT")
    urllib.request.urlopen(request, timeout=10).close()


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        for item in json.load(file)["items"]:
            store.put(item)
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler)
    server.daemon_threads = True
    server.serve_forever()
