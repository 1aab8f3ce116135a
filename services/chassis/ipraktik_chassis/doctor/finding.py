"""What an examination finds, and how it is told: a line for people, an object for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from ipraktik_contracts.counted import counted

Level = Literal["OK", "WARN", "FAIL"]
LEVELS: Final[tuple[Level, ...]] = ("OK", "WARN", "FAIL")
"""In order of how bad it is, which is the exit status too."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `says` is what is so and what it means, `do` what to do about it; nothing where all is well."""

    check: str
    level: Level
    says: str
    do: str = ""

    def line(self) -> str:
        """For people."""
        return f"{self.level:<4}  {self.check}: {self.says}" + (f". {self.do}" if self.do else "")

    def told(self) -> dict[str, Any]:
        """For programs."""
        return {"check": self.check, "level": self.level, "says": self.says, "do": self.do}


def ok(check: str, says: str) -> Finding:
    """All is well."""
    return Finding(check, "OK", says)


def warn(check: str, says: str, do: str) -> Finding:
    """It works, and somebody should look."""
    return Finding(check, "WARN", says, do)


def fail(check: str, says: str, do: str) -> Finding:
    """It does not work, or will not for long."""
    return Finding(check, "FAIL", says, do)


def by_limits(
    check: str, says: str, *, seconds: float, warn_over: float, fail_over: float, do: str
) -> Finding:
    """A finding about an age."""
    if seconds > fail_over:
        return fail(check, says, do)
    return warn(check, says, do) if seconds > warn_over else ok(check, says)


def worst(findings: Sequence[Finding]) -> Level:
    """The level of the whole."""
    return max((finding.level for finding in findings), key=LEVELS.index, default="OK")


def age(seconds: float) -> str:
    """A length of time in words, exact enough to act on."""
    for size, word in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {word}"
    return counted(round(max(seconds, 0)), "second", "seconds")
