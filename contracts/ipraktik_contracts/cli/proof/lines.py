"""The line of one aggregate: what was told about it, in which order, and where it stands.

`ids[n]` and `digests[n]` are those of number n + 1. The line is whole while the numbers came one after another; after a jump the
rest waits in `beyond`, by number, until the end says whether something is missing or only came late. A line that is not whole, or
in which something is broken, is no longer followed through its lifecycle: one fault is then named once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from ...lifecycle import Lifecycle
from ..records import Place


@dataclass(slots=True)
class Line:
    """One aggregate, as far as the stream has told."""

    key: bytes
    number: int
    """The key's UUID as an integer, which compares quicker than a UUID."""
    partition: int
    lifecycle: Lifecycle | None = None
    state: str | None = None
    identity: object = None
    edition: UUID | None = None
    followed: bool = True
    doubtful: bool = False
    """Whether a type stands in it that this build does not know: what may come then is not ours to say."""
    ids: list[bytes] = field(default_factory=list)
    digests: list[int] = field(default_factory=list)
    beyond: dict[int, tuple[bytes, int]] = field(default_factory=dict)
    jumped_at: Place | None = None

    @property
    def last(self) -> int:
        """The highest number told."""
        return max(self.beyond) if self.beyond else len(self.ids)

    def told(self, number: int) -> tuple[bytes, int] | None:
        """Id and digest of what was told under the number, if anything was."""
        if number <= len(self.ids):
            return self.ids[number - 1], self.digests[number - 1]
        return self.beyond.get(number)

    def all_ids(self) -> list[bytes]:
        """Every id, in the order of the numbers."""
        return (
            self.ids + [self.beyond[number][0] for number in sorted(self.beyond)] if self.beyond else self.ids
        )

    def missing(self) -> Iterator[tuple[int, int]]:
        """The numbers that were never told though a later one was, as (first, last)."""
        expected = len(self.ids) + 1
        for number in sorted(self.beyond):
            if number > expected:
                yield expected, number - 1
            expected = number + 1


def number_of(key: bytes) -> int:
    """A UUID as text, as an integer."""
    return int(key.replace(b"-", b""), 16)


def said_missing(ranges: list[tuple[int, int]]) -> str:
    """`3, 5 to 7`, the first ten of them."""
    shown = [str(first) if first == last else f"{first} to {last}" for first, last in ranges[:10]]
    return ", ".join(shown) + (f" and {len(ranges) - 10} more stretches" if len(ranges) > 10 else "")
