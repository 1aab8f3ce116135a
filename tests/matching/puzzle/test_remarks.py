"""What is odd about a puzzle is said in sentences that name the rows, and stops nobody."""

import pytest
from matching.puzzle.puzzles import edition, host, intern, puzzle

from ipraktik_matching.puzzle import Host, Intern, Wishes, remarks_of, solve


@pytest.mark.parametrize(
    ("rows", "different", "sentence"),
    [
        ((host("h"),), {}, "There are no interns: the plan is empty."),
        ((intern("a"),), {}, "There are no hosts: nobody can be placed."),
        (
            (intern("a"), intern("b"), host("h")),
            {},
            "2 interns are to be placed and 1 seats are free: 1 or more are left.",
        ),
        (
            (intern("a", companion_id="gone"), host("h")),
            {},
            "Intern a names the companion gone, who is not in the puzzle, and travels alone.",
        ),
        (
            (intern("a", companion_id="b"), intern("b"), host("h", capacity=2)),
            {},
            "Intern a names the companion b, who names nobody: both travel alone.",
        ),
        (
            (
                intern("a", companion_id="b"),
                intern("b", companion_id="c"),
                intern("c", companion_id="b"),
                host("h", capacity=3),
            ),
            {},
            "Intern a names the companion b, who names c: a travels alone.",
        ),
        (
            (intern("a", companion_id="b"), intern("b", companion_id="a"), host("h"), host("k")),
            {},
            "1 pairs want to travel together and no host receives more than one person.",
        ),
        (
            (intern("a", host_in_mind_id="gone"), host("h")),
            {},
            "Intern a has in mind the host gone, who is not in the puzzle.",
        ),
        (
            (*(intern(f"i{n}", host_in_mind_id="h") for n in range(7)), host("h"), *map(host, "klmnopq")),
            {},
            "Interns i0, i1, i2, i3, i4 and 2 more have in mind the host h, who receives 1.",
        ),
        (
            (intern("a"), intern("b"), host("h"), host("k")),
            {"pinned": (("a", "h"), ("b", "h"))},
            "Host h receives 1, but 2 are fixed or pinned there: somebody is left.",
        ),
        (
            (intern("a", companion_id="b"), intern("b", companion_id="a"), host("h", capacity=2), host("k")),
            {"pinned": (("a", "h"), ("b", "k"))},
            "The companions a and b are pinned to different hosts: both are left.",
        ),
        (
            (intern("a"), host("h", municipality_code="9999")),
            {},
            "h: the municipality 9999, which has no region here; a wish for a region never meets it.",
        ),
        (
            (intern("a", municipality_code=None), host("h")),
            {},
            "a: no municipality; a wish for a region never meets it.",
        ),
        (
            (intern("a", wishes=Wishes(areas=("region:0",))), host("h")),
            {},
            "a: wishes for region:0, which is nowhere in this puzzle.",
        ),
        (
            (intern("a", field="alchemy"), host("h")),
            {},
            "a: the field 'alchemy' is in no group, so no other field is near it.",
        ),
    ],
)
def test_what_is_odd_is_said_and_stops_nobody(
    rows: tuple[Intern | Host, ...], different: dict[str, object], sentence: str
) -> None:
    odd = puzzle(*rows, **different)
    assert remarks_of(odd) == [sentence]
    solve(odd)


def test_an_edition_with_seats_enough_has_nothing_odd_but_hosts_that_many_have_in_mind() -> None:
    assert [one for one in remarks_of(edition(142)) if "in mind" not in one] == []
