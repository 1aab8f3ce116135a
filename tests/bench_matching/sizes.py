"""How much is measured. `SIZE` in the environment chooses: small shows that every row leaves a figure, which means nothing."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Participants of each row, and how often what takes little time is repeated."""

    name: str
    repeats: int
    placed: tuple[int, ...]
    core: tuple[int, ...]
    wide: tuple[int, ...]
    sparse: tuple[int, ...]
    exact: tuple[int, ...]
    """With companions, beside HiGHS."""
    exact_seconds: float
    """When HiGHS is stopped; the ratio is then a lower bound."""
    inserted: tuple[int, ...]
    """One latecomer, beside HiGHS kept warm."""
    whole: tuple[int, ...]
    """From rows to plan with certificate."""
    proven: tuple[int, ...]
    """Up to which the optimum is proven in time; none where that takes too long."""
    memory: int


_EVERY = (142, 1_000, 10_000)
_TO_TEN = (1_000, 10_000)
_TO_ALL = (*_TO_TEN, 100_000)
_WHOLE = (*_EVERY, 2_000, 20_000, 100_000)
SIZES = {
    size.name: size
    for size in (
        Size("small", 1, (142,), (142,), (142,), (142,), (142,), 5.0, (142,), (142,), (1_000,), 1_000),
        Size(
            "normal",
            3,
            _EVERY,
            _TO_TEN,
            (10_000,),
            (10_000,),
            (1_000, 4_000, 10_000),
            60.0,
            (10_000,),
            _EVERY,
            (),
            10_000,
        ),
        Size(
            "large",
            5,
            _EVERY,
            _TO_ALL,
            _TO_TEN,
            _TO_ALL,
            _TO_TEN,
            300.0,
            (10_000,),
            _WHOLE,
            (10_000, 20_000, 40_000),
            100_000,
        ),
    )
}


def chosen_size(environment: Mapping[str, str] = os.environ) -> Size:
    """The size asked for. Leaves with a sentence where there is no such size."""
    name = environment.get("SIZE") or "normal"
    if name not in SIZES:
        raise SystemExit(f"SIZE={name}: there is {', '.join(SIZES)}")
    return SIZES[name]
