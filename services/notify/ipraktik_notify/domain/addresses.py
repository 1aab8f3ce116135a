"""Which network addresses a webhook may lead to: public ones, and those of networks that the operator has named.

Everything else is refused: loopback, private, link-local (a cloud's metadata among them), multicast, reserved, unspecified, and
every IPv6 form that carries such an IPv4 address. The lists stand here and not in the language's library, whose idea of a
private address changes between versions.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, Literal

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Standing = Literal["named", "public", "refused"]

_CLOSED_V4: Final = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carriers' private
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_PUBLIC_V6: Final = IPv6Network("2000::/3")
_CLOSED_V6: Final = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries any IPv4 address
        "3fff::/20",  # documentation
    )
)
_NAT64: Final = IPv6Network("64:ff9b::/96")


def networks(text: str) -> tuple[Network, ...]:
    """The networks of a setting, comma separated. Raises ValueError that names the one that is none."""
    found: list[Network] = []
    for part in (one.strip() for one in text.split(",")):
        if part:
            try:
                found.append(ip_network(part))
            except ValueError:
                raise ValueError(
                    f"{part[:50]} is no network; write one as 10.20.0.0/16 or fd00:1::/32, its host part zero"
                ) from None
    return tuple(found)


def standing(text: str, *, named: Sequence[Network]) -> Standing:
    """What an address is to us. Raises ValueError where the text is no address."""
    address = _plain(ip_address(text.partition("%")[0]))
    if any(address in network for network in named if network.version == address.version):
        return "named"
    return "public" if _public(address) else "refused"


def _plain(address: Address) -> Address:
    """The address itself: an IPv4 one that is written as IPv6 is the IPv4 one, whichever way it is reached."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    return address in _PUBLIC_V6 and not any(address in network for network in _CLOSED_V6)
