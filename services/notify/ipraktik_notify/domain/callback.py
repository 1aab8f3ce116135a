"""The address that a webhook calls, read once and strictly: what is called is what was checked."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Final
from urllib.parse import urlsplit

MAX_CHARS: Final = 1000
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_VISIBLE: Final = re.compile(r"[!-~]+")


class BadCallback(ValueError):
    """The address cannot be a webhook's. The message says the mend, and nothing of the address."""


@dataclass(frozen=True, slots=True)
class Callback:
    """An address taken apart. `host` is a name or an IP address, without brackets."""

    url: str
    encrypted: bool
    host: str
    port: int
    target: str

    @classmethod
    def parse(cls, url: str) -> "Callback":
        """The address a text stands for. Raises BadCallback."""
        if len(url) > MAX_CHARS:
            raise BadCallback(f"The address may have {MAX_CHARS} characters at most.")
        if not _VISIBLE.fullmatch(url) or "\\" in url:
            raise BadCallback("Write the address without spaces, in ASCII; a Danish domain in its xn-- form.")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise BadCallback("This is no address; write it as https://host/path.") from None
        bracketed = "[" in parts.netloc and ":" not in (parts.hostname or "")
        if parts.scheme not in ("https", "http") or not parts.hostname or bracketed:
            raise BadCallback("Write the whole address, beginning with https://.")
        if parts.username is not None or parts.password is not None:
            raise BadCallback("Leave out user name and password: every delivery is signed instead.")
        if parts.fragment or "#" in url:
            raise BadCallback("Leave out what follows #; it is never sent.")
        encrypted = parts.scheme == "https"
        if port is None:
            port = 443 if encrypted else 80
        if port == 0:
            raise BadCallback("There is no port 0.")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(url, encrypted, _host(parts.hostname), port, target)

    @property
    def authority(self) -> str:
        """Host and, where it is not the usual one, port: what a mail may show."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.encrypted else 80) else f"{host}:{self.port}"


def _host(text: str) -> str:
    """The host. An address is written as addresses are: 127.1, 0x7f.1 and 2130706433 mean something else to every reader."""
    host = text.lower().removesuffix(".")
    if ":" in host:
        try:
            if "%" in host:
                raise ValueError("a zone")
            return str(IPv6Address(host))
        except ValueError:
            raise BadCallback("The host is no IPv6 address.") from None
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(host))
        except ValueError:
            raise BadCallback("Write an IPv4 address as four decimal numbers, or use a name.") from None
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadCallback("The host is no name of the internet.")
    return host
