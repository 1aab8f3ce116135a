"""The days of a case on the board: those of the agreement in force, in every list and in the file."""

import csv
import io
from datetime import timedelta

from matching.board_visits import Visits, words_of
from matching.cast import FRIDAY, Cast

from ipraktik_matching.web.models import TermsOut


async def test_the_days_of_the_agreement_in_force_are_the_days_everywhere(cast: Cast) -> None:
    board = Visits(cast)
    host, intern = await cast.joins("host"), await cast.joins("intern")
    (placement,) = await cast.proposed()
    await cast.both_accept(placement, intern, host)
    draft = (await cast.placement(placement.placement_id)).current
    assert draft is not None
    terms = TermsOut.model_validate(
        {name: getattr(draft.terms, name) for name in TermsOut.model_fields}
        | {"first_day": FRIDAY - timedelta(days=1), "last_day": FRIDAY}
    ).model_dump(mode="json", exclude={"placement_id", "version"})
    token = cast.token(host, placement.placement_id)

    async def shown() -> list[str]:
        file = (await board.answer("/cases.csv")).text.removeprefix("\ufeff")
        _, row = csv.reader(io.StringIO(file), delimiter=";")
        return [
            *row[6:8],
            row[10],
            words_of(await board.get("/cases")),
            words_of(await board.find("/search", q="navn self")),
        ]

    before = await shown()
    assert before[:3] == ["2018-09-10", "2018-09-12", "2018-05-09"]  # every day of the file is written alike
    changed = await cast.does(token, placement.placement_id, "agreement/versions", based_on=1, **terms)
    assert changed.status_code == 200, changed.text
    assert (await shown())[:2] == before[:2]  # put up is not agreed
    await cast.signs(placement.placement_id, intern, host)
    after = await shown()
    assert after[:2] == ["2018-09-13", "2018-09-14"]
    for page in (*after[3:], words_of(await board.get(f"/cases/{placement.placement_id}"))):
        assert "13.–14. september 2018" in page
    for page in after[3:]:
        assert "10.–12. september 2018" not in page
