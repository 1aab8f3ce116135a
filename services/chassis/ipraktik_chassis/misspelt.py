"""Environment variables that look like a setting of ours and are none: a name typed wrong is otherwise as if it were not set.

A container's environment is full of names that nobody here chose, so likeness is asked for in three degrees: much of it as a rule,
less where the first word is hardly anybody else's, nearly all of it where a standard has names beside the few that we read.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

_AS_A_RULE: Final = 0.88
_OUR_WORDS: Final = re.compile(
    r"(KAFKA|DATABASE|MIGRATION|SMTP|ORGANISER|COORDINATOR|WEBHOOK|FEED|TOPIC|SCHEMA)_"
)
_WITH_OUR_WORD: Final = 0.78
_OF_A_STANDARD: Final = re.compile(r"OTEL_")
_WITHIN_A_STANDARD: Final = 0.95
_LINK: Final = re.compile(r"(tcp|udp|sctp)://")
"""What Kubernetes says of a Service called `x` in X_PORT and X_PORT_…_TCP."""


def misspelt(environment: Mapping[str, str], known: Iterable[str]) -> dict[str, str]:
    """Names that are set and are none of the known, each with the setting it looks like. Values are not looked at but for links."""
    names = sorted(name.upper() for name in known)
    found = {}
    for name, value in sorted(environment.items()):
        given = name.upper()  # settings are read in either case
        if given in names or _LINK.match(value):
            continue
        if _OF_A_STANDARD.match(given):
            likeness = _WITHIN_A_STANDARD
        else:
            likeness = _WITH_OUR_WORD if _OUR_WORDS.match(given) else _AS_A_RULE
        if near := get_close_matches(given, names, n=1, cutoff=likeness):
            found[name] = near[0]
    return found
