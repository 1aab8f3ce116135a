"""The table of points, part by part, and that the solver's tables say the same."""

import pytest
from matching.puzzle.puzzles import edition, host, intern, puzzle

from ipraktik_matching.puzzle import POINTS, REASONS, Days, Fit, Host, Intern, Wishes, fit
from ipraktik_matching.puzzle.columns import columns_of


def fit_of(one: Intern, other: Host) -> Fit:
    """The fit in a puzzle of just the two."""
    return fit(one, other, puzzle=puzzle(one, other))


def test_the_parts_add_up_to_a_thousand() -> None:
    assert sum(POINTS.values()) == 1000
    best = intern("a", host_in_mind_id="h", unplaced_before=True)
    assert fit_of(best, host("h")).total == 1000


@pytest.mark.parametrize(
    ("wished", "points"),
    [((), 260), (("libraries",), 260), (("law", "libraries"), 260), (("culture",), 100), (("law",), 0)],
)
def test_field(wished: tuple[str, ...], points: int) -> None:
    assert fit_of(intern("a", wishes=Wishes(fields=wished)), host("h")).parts["field"] == points


@pytest.mark.parametrize(("wished", "points"), [((), 110), (("municipal", "state"), 110), (("state",), 0)])
def test_sector(wished: tuple[str, ...], points: int) -> None:
    assert fit_of(intern("a", wishes=Wishes(sectors=wished)), host("h")).parts["sector"] == points


@pytest.mark.parametrize(
    ("wished", "points"),
    [
        ((), 160),
        (("municipality:8401",), 160),
        (("region:1084",), 160),
        (("country:DK",), 160),
        (("region:1081", "region:1084"), 160),
        (("municipality:8402",), 70),
        (("municipality:8501",), 0),
        (("region:1081",), 0),
        (("country:SE",), 0),
        (("municipality:9999",), 0),
    ],
)
def test_area(wished: tuple[str, ...], points: int) -> None:
    assert fit_of(intern("a", wishes=Wishes(areas=wished)), host("h")).parts["area"] == points


def test_a_host_across_the_border_lies_in_its_country_only() -> None:
    abroad = host("h", municipality_code=None, country="SE")
    assert fit_of(intern("a", wishes=Wishes(areas=("country:SE",))), abroad).parts["area"] == 160
    assert fit_of(intern("a", wishes=Wishes(areas=("country:DK", "region:1084"))), abroad).parts["area"] == 0


@pytest.mark.parametrize(
    ("journey_type", "points"),
    [
        ("tourist", (90, 90, 30, 0)),
        ("business_traveller", (0, 90, 90, 30)),
        ("adventurer", (0, 0, 30, 90)),
        ("own_idea", (90, 90, 90, 90)),
    ],
)
def test_journey_and_the_distance_of_the_subject(journey_type: str, points: tuple[int, ...]) -> None:
    traveller = intern("a", journey_type=journey_type)
    others = (host("h"), host("h", sector="state"), host("h", field="culture"), host("h", field="law"))
    assert tuple(fit_of(traveller, other).parts["journey"] for other in others) == points


@pytest.mark.parametrize(
    ("journey_type", "days", "points"),
    [
        ("tourist", (2, 5), 60),
        ("tourist", (3, 5), 30),
        ("tourist", (4, 5), 0),
        ("business_traveller", (2, 2), 30),
        ("business_traveller", (2, 4), 60),
        ("adventurer", (2, 3), 30),
        ("adventurer", (2, 2), 0),
        ("own_idea", (2, 2), 60),
    ],
)
def test_days_and_the_journey_type(journey_type: str, days: tuple[int, int], points: int) -> None:
    assert fit_of(intern("a", journey_type=journey_type, days=Days(*days)), host("h")).parts["days"] == points


def test_the_hosts_wishes_count_forty_each() -> None:
    choosy = host("h", wishes=Wishes(fields=("libraries",), sectors=("state",), areas=("region:1084",)))
    assert fit_of(intern("a"), choosy).parts["host_wish"] == 80


def test_two_who_share_no_days_get_no_points_for_days() -> None:
    assert fit_of(intern("a", days=Days(5, 5)), host("h", days=Days(2, 2))).parts["days"] == 0


def test_reasons_name_only_what_somebody_asked_for_and_got() -> None:
    assert fit_of(intern("a"), host("h")).reasons == ()
    asking = intern(
        "a",
        journey_type="tourist",
        wishes=Wishes(fields=("libraries",), sectors=("state",), areas=("municipality:8402",)),
        host_in_mind_id="h",
    )
    choosy = host("h", wishes=Wishes(fields=("libraries",)))
    assert fit_of(asking, choosy).reasons == ("host_in_mind", "field", "journey", "days", "host_wish")


def test_having_been_left_before_is_never_a_reason_that_others_read() -> None:
    assert "unplaced_before" not in REASONS


@pytest.mark.parametrize("rolling", [False, True])
def test_the_tables_say_what_single_rows_say(rolling: bool) -> None:
    whole = edition(142, rolling=rolling, seed=3)
    columns = columns_of(whole)
    for row, group in enumerate(columns.groups):
        for number, one in enumerate(columns.hosts):
            if columns.suits[row, number]:
                days = int(columns.days[row, number])
                total = sum(fit(member, one, puzzle=whole, days=days).total for member in group.members)
                assert total == columns.fit[row, number]
                if len(group.members) == 1:
                    assert total == fit(group.members[0], one, puzzle=whole).total, (
                        "alone they agree on these days"
                    )
