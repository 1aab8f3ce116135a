"""Which service a public address leads to. The whole of what the gateway knows about the programme.

An address is in the table by its decoded path, the same that the service's own router sees, so the two cannot be led to read one
address in two ways. What is not in the table is nobody's.
"""

from typing import Final

AT_THE_ROOT: Final = {
    "/": "registration",
    "/favicon.ico": "registration",
    "/robots.txt": "registration",
    "/was": "registration",  # where the law wants the accessibility statement's short address
}
"""Exactly these: the front page, and what browsers, machines and the law look for at the root."""

BELOW: Final = {
    "/api/v1/interns": "registration",
    "/api/v1/hosts": "registration",
    "/api/v1/events": "notify",
    "/registration": "registration",
    "/matching": "matching",
    "/notify": "notify",
    "/evaluation": "evaluation",
}
"""These and everything below them."""


def service_of(path: str) -> str | None:
    """The service that an address leads to; None where it leads nowhere."""
    if path in AT_THE_ROOT:
        return AT_THE_ROOT[path]
    return next(
        (service for prefix, service in BELOW.items() if path == prefix or path.startswith(f"{prefix}/")),
        None,
    )
