"""The cluster as Kubernetes objects: YAML and JSON from the same templates.

An object is a dict whose values hold `%(name)s` places. It is turned into YAML and JSON text once for each shape of
object and then filled in for each Service: 100,000 Services take seconds, and both formats say the same.
"""
import json
import os

# Numbers and dates that kubectl quotes, because YAML would read them as something else than a string.
QUOTED = {"creationTimestamp", "resourceVersion"}


def canary_address(change):
    """The canary's address after so many changes. Always of one length, so a file is changed by replacing bytes."""
    return f"10.111.255.{100 + change % 100}"


PORTS_OF_CHANGING = (("http", 80),)


def metadata(name, **labels):
    return {
        "creationTimestamp": "2025-03-14T09:26:53Z",
        "labels": {"app.kubernetes.io/name": "%(name)s", "app.kubernetes.io/part-of": "%(namespace)s", **labels},
        "name": name,
        "namespace": "%(namespace)s",
        "resourceVersion": "%(version)s",
        "uid": "%(uid)s",
    }


def namespace_object():
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%(namespace)s"}}


def service_object(kind, ports):
    if kind == "external":
        spec = {"externalName": "%(target)s", "sessionAffinity": "None", "type": "ExternalName"}
    else:
        address = "%(address)s" if kind == "cluster" else "None"
        spec = {
            "clusterIP": address,
            "clusterIPs": [address],
            "internalTrafficPolicy": "Cluster",
            "ipFamilies": ["IPv4"],
            "ipFamilyPolicy": "SingleStack",
            "ports": [{"name": n, "port": p, "protocol": "TCP", "targetPort": p} for n, p in ports],
            "selector": {"app.kubernetes.io/name": "%(name)s"},
            "sessionAffinity": "None",
            "type": "ClusterIP",
        }
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata("%(name)s"), "spec": spec}


def slice_object(count, has_hostnames, ports):
    endpoints = []
    for n in range(count):
        endpoint = {
            "addresses": [f"%(address{n})s"],
            "conditions": {"ready": True, "serving": True, "terminating": False},
            "nodeName": f"node-{n}",
        }
        if has_hostnames:
            endpoint["hostname"] = f"%(name)s-{n}"
        endpoints.append(endpoint)
    return {
        "addressType": "IPv4",
        "apiVersion": "discovery.k8s.io/v1",
        "endpoints": endpoints,
        "kind": "EndpointSlice",
        "metadata": metadata("%(name)s-x7k2p", **{"kubernetes.io/service-name": "%(name)s"}),
        "ports": [{"name": n, "port": p, "protocol": "TCP"} for n, p in ports],
    }


def yaml_lines(value, indent=""):
    """Block style as kubectl writes it: lists are not indented below their key."""
    for key, item in value.items():
        if isinstance(item, dict):
            yield f"{indent}{key}:"
            yield from yaml_lines(item, indent + "  ")
        elif isinstance(item, list):
            yield f"{indent}{key}:"
            for element in item:
                lines = yaml_lines(element, indent + "  ") if isinstance(element, dict) else [f"{indent}  {element}"]
                for n, line in enumerate(lines):
                    yield line if n else f"{indent}- {line[len(indent) + 2:]}"
        elif key in QUOTED:
            yield f'{indent}{key}: "{item}"'
        else:
            yield f"{indent}{key}: {json.dumps(item) if isinstance(item, bool) else item}"


class Templates:
    """The three shapes of object as text in one format."""

    def __init__(self, ports, text):
        self.namespace = text(namespace_object())
        self.service = {kind: text(service_object(kind, ports)) for kind in ("cluster", "headless", "external")}
        self.slices = {
            (kind, n): text(slice_object(n, kind == "headless", ports))
            for kind, counts in (("cluster", (2, 5, 6)), ("headless", (5,)))
            for n in counts
        }

    def of(self, service):
        """The texts of one Service's objects."""
        values = {
            "name": service.name,
            "namespace": service.namespace,
            "address": service.address,
            "target": service.target,
            "version": 100_000 + service.number,
            "uid": f"{service.number * 2654435761 % 2**32:08x}-5a3e-4c1d-9b7f-{service.number:012x}",
        }
        texts = [self.service[service.kind] % values]
        if service.endpoints:
            values.update((f"address{n}", address) for n, (_, address) in enumerate(service.endpoints))
            texts.append(self.slices[service.kind, len(service.endpoints)] % values)
        return texts

    def service_of(self, name, namespace, address):
        """The text of a ClusterIP Service alone."""
        values = {"name": name, "namespace": namespace, "address": address, "version": 1, "uid": name}
        return self.service["cluster"] % values


def write(cluster, folder, ports, forms):
    if {"folder", "yaml"} & set(forms):
        write_yaml(cluster, folder, Templates(ports, yaml_text), forms)
    if "json" in forms:
        write_json(cluster, folder, Templates(ports, json.dumps))


def yaml_text(value):
    return "\n".join(yaml_lines(value)) + "\n"


def write_yaml(cluster, folder, templates, forms):
    by_namespace = {name: [templates.namespace % {"namespace": name}] for name in cluster.namespaces}
    for service in [cluster.canary, *cluster.services]:
        by_namespace[service.namespace] += templates.of(service)
    os.makedirs(f"{folder}/manifests", exist_ok=True)
    with open(f"{folder}/cluster.yaml" if "yaml" in forms else os.devnull, "w") as everything:
        for number, (name, texts) in enumerate(by_namespace.items()):
            text = "---\n".join(texts)
            everything.write(("---\n" if number else "") + text)
            with open(f"{folder}/manifests/{name}.yaml", "w") as file:
                file.write(text)


def write_json(cluster, folder, templates):
    items = [templates.namespace % {"namespace": name} for name in cluster.namespaces]
    for service in [cluster.canary, *cluster.services]:
        items += templates.of(service)
    with open(f"{folder}/cluster.json", "w") as file:
        file.write('{"apiVersion": "v1", "kind": "List", "items": [\n' + ",\n".join(items) + "\n]}\n")
