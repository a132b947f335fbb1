"""Under which addresses other machines on the local network reach this one."""

import contextlib
import re
import socket
from ipaddress import IPv4Address

# A certificate takes no other letters, and a name in Chinese has no multicast DNS either.
_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")

# Nothing is sent: connecting a datagram socket only asks the kernel which of our addresses it would use.
_ASKED = ("192.0.2.1", "192.168.255.254", "10.255.255.254", "172.31.255.254")


def lan_addresses() -> list[IPv4Address]:
    """Our IPv4 addresses on local networks, the one of the default route first; empty without a network."""
    found: dict[IPv4Address, None] = {}
    for target in _ASKED:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            address = IPv4Address(probe.getsockname()[0])
            if not address.is_loopback and not address.is_unspecified:
                found[address] = None
    return list(found)


def host_names() -> list[str]:
    """Names under which this machine may be reached by multicast DNS or the local resolver."""
    name = socket.gethostname().split(".")[0].lower()
    usable = name != "localhost" and _HOST_NAME.fullmatch(name)
    return ["localhost", *([name, f"{name}.local"] if usable else [])]


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
