"""The cluster as two zone files: the records that Kubernetes DNS demands for these objects."""

TTL = 30


def serial(change):
    """The zone's serial after so many changes; always of one length, as the canary's address."""
    return 1_000_000_000 + change


def head(zone, domain):
    return (
        f"{zone}. {TTL} IN SOA ns.dns.{domain}. hostmaster.{domain}. {serial(0)} 7200 1800 86400 {TTL}\n"
        f"{zone}. {TTL} IN NS ns.dns.{domain}.\n"
    )


def service_records(owner, targets, ports):
    """A and SRV of a Service's own name; `targets` are (name, address): itself, or its endpoints if headless."""
    for _, address in targets:
        yield f"{owner} {TTL} IN A {address}"
    for name, port in ports:
        for target, _ in targets:
            yield f"{owner} {TTL} IN SRV 0 {100 // (len(targets) * len(ports))} {port} {target}"
            yield f"_{name}._tcp.{owner} {TTL} IN SRV 0 {100 // len(targets)} {port} {target}"


def forward(service, ports):
    owner = service.full_name + "."
    if service.kind == "external":
        yield f"{owner} {TTL} IN CNAME {service.target}."
        return
    endpoints = endpoint_names(service)
    yield from service_records(owner, [(owner, service.address)] if service.kind == "cluster" else endpoints, ports)
    for name, address in endpoints:
        yield f"{name} {TTL} IN A {address}"
        for _, port in ports:
            yield f"{name} {TTL} IN SRV 0 {100 // len(ports)} {port} {name}"


def endpoint_names(service):
    """An endpoint is called by its hostname, or by its address with dashes."""
    return [
        (f"{hostname or address.replace('.', '-')}.{service.full_name}.", address)
        for hostname, address in service.endpoints
    ]


def backward(service, reverse):
    """PTR for Service addresses, and for endpoints that have a hostname."""
    if service.kind == "cluster":
        yield f"{reverse(service.address)}. {TTL} IN PTR {service.full_name}."
    if service.kind == "headless":
        for name, address in endpoint_names(service):
            yield f"{reverse(address)}. {TTL} IN PTR {name}"


def write(cluster, folder, ports, domain, reverse):
    with open(f"{folder}/{domain}.zone", "w") as names, open(f"{folder}/in-addr.arpa.zone", "w") as addresses:
        names.write(head(domain, domain))
        names.write(f'ns.dns.{domain}. {TTL} IN A 127.0.0.1\ndns-version.{domain}. {TTL} IN TXT "1.1.0"\n')
        addresses.write(head("in-addr.arpa", domain))
        for service in [cluster.canary, *cluster.services]:
            names.writelines(line + "\n" for line in forward(service, ports))
            addresses.writelines(line + "\n" for line in backward(service, reverse))
