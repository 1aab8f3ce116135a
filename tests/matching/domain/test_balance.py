"""The balance counts a wish once for each field or region, and names what is asked for more than it is offered."""

from ipraktik_matching.domain.balance import ABROAD, Share, Wished, by_field, by_region, totals

REGIONS = {"0751": "midtjylland", "0740": "midtjylland", "0101": "hovedstaden"}
OF_FIELDS = [
    Share("intern", "law", persons=4, seats=0, taken=0),
    Share("intern", "health", persons=2, seats=0, taken=0),
    Share("host", "law", persons=2, seats=3, taken=1),
    Share("host", "digital", persons=1, seats=2, taken=0),
]
OF_MUNICIPALITIES = [
    Share("intern", "0751", persons=4, seats=0, taken=0),
    Share("intern", None, persons=2, seats=0, taken=0),
    Share("host", "0101", persons=2, seats=3, taken=1),
    Share("host", "0751", persons=1, seats=2, taken=0),
]
WISHES = [
    Wished(("law", "health"), ("municipality:0751", "municipality:0740", "region:hovedstaden"), persons=3),
    Wished(("law",), ("country:SE",), persons=2),
    Wished((), (), persons=1),
]


def test_everybody_is_counted() -> None:
    everybody = totals(OF_FIELDS, placed=1)
    assert everybody == totals(OF_MUNICIPALITIES, placed=1)
    assert (everybody.interns, everybody.unplaced) == (6, 5)
    assert (everybody.hosts, everybody.seats, everybody.free) == (3, 5, 4)


def test_who_wishes_for_two_fields_counts_in_both_and_who_is_open_in_none() -> None:
    balance = by_field(OF_FIELDS, WISHES)
    rows = {row.code: row for row in balance.rows}
    assert {code: row.wished for code, row in rows.items()} == {"law": 5, "health": 3, "digital": 0}
    assert balance.open_to_all == 1
    law = rows["law"]
    assert (law.interns, law.hosts, law.seats, law.free, law.missing) == (4, 2, 3, 2, 2)
    assert [row.code for row in balance.rows] == ["law", "health", "digital"]


def test_the_scarcest_comes_first_and_what_is_enough_is_not_scarce() -> None:
    assert [(row.code, row.missing) for row in by_field(OF_FIELDS, WISHES).scarce] == [
        ("health", 3),
        ("law", 2),
    ]
    assert by_field(OF_FIELDS, []).scarce == ()


def test_two_municipalities_of_a_region_are_one_wish_for_it() -> None:
    rows = {row.code: row for row in by_region(OF_MUNICIPALITIES, WISHES, region_of=REGIONS.get).rows}
    assert rows["midtjylland"].wished == 3
    assert rows["hovedstaden"].wished == 3
    assert rows[ABROAD].wished == 2
    assert rows[ABROAD].interns == 2


def test_an_edition_of_nobody_is_in_balance() -> None:
    assert by_field([], []).rows == ()
    assert totals([], placed=0).seats == 0
