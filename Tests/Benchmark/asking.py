"""One question over UDP, and the addresses of its answer: enough to see whether a server is up to date."""
import socket
import struct

A = 1


def question(name):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">6H", 0x4D2, 0x100, 1, 0, 0, 0) + labels + struct.pack(">BHH", 0, A, 1)


def skip_name(message, at):
    while message[at] and message[at] < 0xC0:
        at += message[at] + 1
    return at + (2 if message[at] else 1)


def addresses_in(message):
    at = skip_name(message, 12) + 4
    found = []
    for _ in range(struct.unpack_from(">H", message, 6)[0]):
        at = skip_name(message, at)
        kind, _, _, length = struct.unpack_from(">HHIH", message, at)
        at += 10
        if kind == A:
            found.append(socket.inet_ntoa(message[at : at + 4]))
        at += length
    return found


def ask(port, name, timeout=0.02):
    """The A records of `name`, or None when there is no good answer (yet)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(timeout)
        try:
            client.connect(("127.0.0.1", port))
            client.send(question(name))
            message = client.recv(4096)
        except OSError:
            return None
    if len(message) < 12 or message[3] & 15:
        return None
    try:
        return addresses_in(message)
    except (IndexError, struct.error):
        return None  # an echo sends the question alone


def is_answering(port, timeout=0.02):
    """Whether anything at all comes back."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(timeout)
        try:
            client.connect(("127.0.0.1", port))
            client.send(question("cluster.local"))
            return bool(client.recv(4096))
        except OSError:
            return False
