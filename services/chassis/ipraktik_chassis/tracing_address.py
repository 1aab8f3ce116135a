"""Where spans go and what the collector asks for there, read from settings before anything starts.

Invariant: what could not be sent later is refused here, in a sentence that quotes nothing, since headers hold secrets and an address may.
"""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A header's name, as HTTP has it."""
_VALUE: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?")


def usable_endpoint(given: str) -> str:
    """A collector's address that a request can be made to. Raises ValueError."""
    address = given.strip()
    if not re.fullmatch(r"[\x21-\x7e]+", address):
        raise ValueError("an address of letters, digits and signs without spaces is needed")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        # of a port that is none, and of a bracket that does not close
        raise ValueError("the host or its port cannot be read; write http://host:port") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise ValueError("write http://host:port or https://host:port")
    if parts.username is not None or parts.query or parts.fragment or address.endswith(("?", "#")):
        raise ValueError("leave out user, password, query and fragment; secrets go into the headers")
    return address


def headers_of(given: str) -> dict[str, str]:
    """Headers as OpenTelemetry writes them: name=value, comma separated, values percent-encoded where they must be. Raises ValueError."""
    headers = {}
    for place, one in enumerate((part.strip() for part in given.split(",")), start=1):
        if not one:
            continue
        name, equals, value = (part.strip() for part in one.partition("="))
        value = unquote(value)
        if not equals or not _TOKEN.fullmatch(name):
            raise ValueError(f"number {place} of the list is not name=value (no colon after the name)")
        if not _VALUE.fullmatch(value):
            raise ValueError(f"the value of number {place} is empty, or holds what no header may")
        headers[name] = value
    return headers
