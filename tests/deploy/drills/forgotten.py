"""What a reconciliation finds after a refill that is as it must be: of people who were forgotten before, only the tombstone came back.

Each such finding is accounted for to the number; what is left over is a loss.
"""

import re
from collections.abc import Collection, Sequence

from ipraktik_contracts.rights import SERVICES
from ipraktik_contracts.topics import CONTACTS

_SAID = re.compile(r"registration: (\S+) (\S+) was said (once|\d+ times); on the topic: (\d+)")
_TOTAL = re.compile(r"events committed: (\d+); different ones on the topics: (\d+)")
_STRANGERS = re.compile(r"(\w+): events that took effect and stand on no topic: (\d+)")


def beside_the_forgotten(findings: Sequence[str], *, erased: Collection[tuple[str, str]]) -> list[str]:
    """The findings that the forgotten do not explain. `erased` are topic and key of the tombstones that stand on the topics."""
    missing, rest = 0, []
    for finding in findings:
        said = _SAID.fullmatch(finding)
        if said and said[1] == CONTACTS.name and (said[1], said[2]) in erased:
            missing += int(said[3].removesuffix(" times").replace("once", "1")) - int(said[4])
        else:
            rest.append(finding)
    return [finding for finding in rest if not _explained(finding, missing)]


def _explained(finding: str, missing: int) -> bool:
    if total := _TOTAL.fullmatch(finding):
        return int(total[1]) - int(total[2]) == missing
    if strangers := _STRANGERS.fullmatch(finding):
        its = SERVICES.get(strangers[1])
        return its is not None and CONTACTS in its.reads and int(strangers[2]) <= missing
    return False
