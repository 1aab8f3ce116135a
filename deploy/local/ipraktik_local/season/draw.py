"""Chance without a state: every draw is a hash of the seed and of what it is about, so no order of events changes it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draw:
    """Draws of one season."""

    seed: int

    def number(self, *about: object) -> float:
        """From 0 up to 1, the same for the same question."""
        text = "|".join(str(part) for part in (self.seed, *about))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") / 2**64

    def chance(self, share: float, *about: object) -> bool:
        """True in that share of the questions."""
        return self.number(*about) < share

    def whole(self, low: int, high: int, *about: object) -> int:
        """A whole number, both ends included."""
        return low + int(self.number(*about) * (high - low + 1))

    def one(self, choices: Sequence[T], *about: object) -> T:
        """One of the choices, all alike."""
        return choices[int(self.number(*about) * len(choices))]

    def weighted(self, weights: Mapping[T, float], *about: object) -> T:
        """One of the keys, by weight."""
        point = self.number(*about) * sum(weights.values())
        for choice, weight in weights.items():
            point -= weight
            if point < 0:
                return choice
        return next(reversed(list(weights)))

    def some(self, choices: Sequence[T], count: int, *about: object) -> list[T]:
        """That many different choices."""
        ranked = sorted(range(len(choices)), key=lambda index: self.number(*about, index))
        return [choices[index] for index in ranked[:count]]

    def uuid(self, *about: object) -> UUID:
        """A UUID, such as an idempotency key."""
        text = "|".join(str(part) for part in (self.seed, "uuid", *about))
        return UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4)
