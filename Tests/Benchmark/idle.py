"""What an idle TCP connection costs a server: it asked once, has its answer, and stays."""
import socket
import struct

from asking import question

# Above half of its places ClusterDNS lets idle connections go after a second, so a server's 10,000 are not filled.
CONNECTIONS = 4500


def idle(server, name, connections=CONNECTIONS):
    """KiB of the server's own memory for each idle connection; the kernel's are not counted."""
    message = question(name)
    query = struct.pack("!H", len(message)) + message
    held = []
    try:
        hold(server, query, held, connections // 10)  # pools and tables that grow once
        before, first = server.process.pss(), len(held)
        hold(server, query, held, connections)
        return (server.process.pss() - before) * 1024 / (len(held) - first)
    finally:
        for connection in held:
            connection.close()


def hold(server, query, held, count):
    while len(held) < count:
        connection = socket.create_connection(("127.0.0.1", server.port), 5)
        held.append(connection)
        connection.sendall(query)
        (length,) = struct.unpack("!H", read(connection, 2))
        read(connection, length)


def read(connection, count):
    octets = b""
    while len(octets) < count:
        more = connection.recv(count - len(octets))
        if not more:
            raise ConnectionError("the server closed an idle connection")
        octets += more
    return octets
