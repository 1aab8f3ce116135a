"""The page of figures: what people wrote stays, and a missed aim says what the time goes to."""

import pytest
from bench.figures import Comparison, Memory, Noted, Operated
from bench.page import (
    BEGIN,
    END,
    OPERATIONS_BEGIN,
    OPERATIONS_END,
    PAGES_BEGIN,
    PAGES_END,
    Surroundings,
    rendered,
    rendered_operations,
    rendered_pages,
    rewritten,
)

AROUND = Surroundings(cores=2, busy=0.1, versions=["Python 3.11.7"])


def comparison(*ratios: float, aim: float = 1.0, less_is_better: bool = False) -> Comparison:
    return Comparison(
        ours="ours",
        bare="bare",
        ratios=ratios,
        aim=aim,
        less_is_better=less_is_better,
        goes_to={"here": 0.75, "there": 0.25},
    )


def page_of(*compared: Comparison, memory: tuple[Memory, ...] = ()) -> str:
    return rendered(around=AROUND, size="normal", repeats=3, compared=compared, memory=memory)


def test_what_people_wrote_around_the_figures_stays() -> None:
    page = f"# Title\n\nWhy.\n\n{BEGIN}\nold\n{END}\n\nMore.\n"

    fresh = rewritten(page, page_of(comparison(1.0)))

    assert fresh.startswith("# Title\n\nWhy.\n\n" + BEGIN)
    assert fresh.endswith(END + "\n\nMore.\n")
    assert "old" not in fresh
    assert rewritten(fresh, page_of(comparison(1.0))) == fresh


def test_each_kind_of_figures_is_written_into_its_own_place() -> None:
    page = f"{BEGIN}\nold\n{END}\n{PAGES_BEGIN}\nold pages\n{PAGES_END}\n{OPERATIONS_BEGIN}\nold operations\n{OPERATIONS_END}\n"
    compared = [comparison(1.3)]

    fresh = rewritten(page, rendered_pages(around=AROUND, size="normal", repeats=3, compared=compared))

    assert "old pages" not in fresh
    assert fresh.count("| ours | bare | 1.30 | 1.30 | 1.30 |") == 1
    assert f"{BEGIN}\nold\n{END}" in fresh
    assert f"{OPERATIONS_BEGIN}\nold operations\n{OPERATIONS_END}" in fresh


def test_a_page_without_a_place_for_figures_is_refused() -> None:
    with pytest.raises(ValueError, match="has no place for figures"):
        rewritten("# Title\n", page_of(comparison(1.0)))


def test_a_row_shows_minimum_median_and_maximum() -> None:
    assert "| ours | bare | 0.90 | 1.20 | 2.00 | at least 1 | yes |" in page_of(comparison(2.0, 0.9, 1.2))


@pytest.mark.parametrize(
    ("ratio", "less_is_better", "reached"),
    [(1.1, False, True), (0.9, False, False), (1.1, True, False), (0.9, True, True)],
)
def test_a_missed_aim_says_what_the_time_goes_to(ratio: float, less_is_better: bool, reached: bool) -> None:
    page = page_of(comparison(ratio, less_is_better=less_is_better))

    assert ("where an aim is missed" in page) is not reached
    assert "here 75%, there 25%" in page


def test_a_process_reaches_its_aim_only_idle_and_under_load() -> None:
    page = page_of(
        memory=(Memory("a-serve", 60, 90, 41), Memory("b-work", 60, 97, 42), Memory("c-work", 65, 70, 43))
    )

    assert "| a-serve | 60 | 41 | 64 | 90 | 96 | yes |" in page
    assert "| b-work | 60 | 42 | 64 | 97 | 96 | **no** |" in page
    assert "| c-work | 65 | 43 | 64 | 70 | 96 | **no** |" in page


def test_what_has_no_ratio_stands_in_a_table_of_its_own_that_says_so() -> None:
    noted = [Noted("notify, from SIGTERM to the end", [1.5, 0.9, 1.25], beside="15 s are allowed")]

    figures = operations(Operated(noted=noted, facts=["Nothing was lost."]))

    assert "| on this machine, no ratio | min | median | max | unit | beside |" in figures
    assert "| notify, from SIGTERM to the end | 0.90 | 1.25 | 1.50 | s | 15 s are allowed |" in figures
    assert "\n- Nothing was lost.\n" in figures
    assert "| ours |" not in figures


def test_operations_are_written_in_their_own_place_and_leave_the_other_figures() -> None:
    page = f"# Title\n\n{BEGIN}\nold\n{END}\n\n## Operations\n\n{OPERATIONS_BEGIN}\n{OPERATIONS_END}\n"

    fresh = rewritten(page, operations(Operated([comparison(1.0)])))

    assert fresh.startswith(f"# Title\n\n{BEGIN}\nold\n{END}\n\n## Operations\n\n{OPERATIONS_BEGIN}\n")
    assert fresh.count("| ours | bare | 1.00 |") == 1
    both = rewritten(fresh, page_of(comparison(1.0)))
    assert "old" not in both
    assert both.count("| ours | bare | 1.00 |") == 2


def operations(operated: Operated) -> str:
    return rendered_operations(around=AROUND, size="normal", repeats=3, operated=operated)
