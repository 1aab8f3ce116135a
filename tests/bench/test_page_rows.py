"""A page that does not answer as it should is no figure: nothing is measured, and every such page is named."""

from dataclasses import dataclass, field

import pytest
from bench.page_rows import FEW, PageFailed, looked_at
from bench.page_table import FRONT, PAGES, REGISTRY, Page


@dataclass
class Answering:
    """A stage whose pages answer as told."""

    participants: int
    statuses: dict[str, int] = field(default_factory=dict)

    def answers(self, pages: tuple[Page, ...]) -> dict[str, tuple[int, int]]:
        return {page.name: (self.statuses.get(page.name, 200), 1000) for page in pages}


def test_every_page_that_does_not_answer_200_is_named_before_anything_is_measured() -> None:
    few = Answering(FEW, {"mails": 404})
    many = Answering(20_000, {"mails": 404, "report": 503})

    with pytest.raises(PageFailed) as failed:
        looked_at(few, many)

    assert "mails at 142: 404; mails at 20000: 404; report at 20000: 503" in str(failed.value)


def test_where_all_answer_their_sizes_are_told() -> None:
    assert looked_at(Answering(FEW), Answering(20_000)) == dict.fromkeys((page.name for page in PAGES), 1000)


def test_each_page_stands_in_the_table_once() -> None:
    names = [page.name for page in PAGES]
    assert len(names) == len(set(names))
    assert {FRONT, REGISTRY} < set(PAGES)
