"""What happens to each row of a list that a coordinator brings: taken in, known already, or left out with a reason. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ipraktik_registration.domain.details import Details
from ipraktik_registration.domain.life import Role
from ipraktik_registration.domain.names import email_key

What = Literal["new", "known", "differs", "twice", "error"]
LEFT_OUT: tuple[What, ...] = ("differs", "twice", "error")

Who = tuple[Role, str]
"""A person in an edition: role, and address as it is compared."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that can be read, and where it stands."""

    line: int
    role: Role
    details: Details
    fingerprint: bytes

    @property
    def who(self) -> Who:
        """Whom the row signs up."""
        return self.role, email_key(self.details.people["self"].email)


@dataclass(frozen=True, slots=True)
class Standing:
    """A sign-up that counts already."""

    reference: str
    fingerprint: bytes | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens to a row. `reference` names the sign-up that stands, `first_line` the row that comes first."""

    line: int
    what: What
    reference: str = ""
    first_line: int = 0


def judged(candidates: Sequence[Candidate], *, standing: Mapping[Who, Standing]) -> list[Verdict]:
    """A verdict for each, in order. The first row of a person counts; the same again is known, another one is left out."""
    verdicts: list[Verdict] = []
    seen: dict[Who, Candidate] = {}
    for one in candidates:
        before = seen.setdefault(one.who, one)
        there = standing.get(one.who)
        if before is not one:
            what: What = "known" if before.fingerprint == one.fingerprint else "twice"
            verdicts.append(Verdict(one.line, what, first_line=before.line))
        elif there is not None:
            what = "known" if there.fingerprint == one.fingerprint else "differs"
            verdicts.append(Verdict(one.line, what, reference=there.reference))
        else:
            verdicts.append(Verdict(one.line, "new"))
    return verdicts


def digest(verdicts: Sequence[Verdict]) -> str:
    """What was shown, in short: an import does this or nothing."""
    told = "\n".join(f"{one.line} {one.what} {one.reference} {one.first_line}" for one in verdicts)
    return hashlib.sha256(told.encode()).hexdigest()[:32]
