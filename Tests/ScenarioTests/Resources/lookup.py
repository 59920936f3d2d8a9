# What a program in Python does to find a name. Arguments: KIND NAME, repeated; a line for each: what was found.
import socket
import sys

MISSING = {socket.EAI_NONAME, socket.EAI_NODATA, 1}  # 1: HOST_NOT_FOUND of <netdb.h>


def find(kind, name):
    if kind == "pointer":
        return [socket.gethostbyaddr(name)[0]]
    return {each[4][0] for each in socket.getaddrinfo(name, 80, proto=socket.IPPROTO_TCP)}


for kind, name in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        print(*sorted(find(kind, name)), flush=True)
    except (socket.gaierror, socket.herror) as error:
        print("not found" if error.errno in MISSING else f"failed: {error}", flush=True)
