"""The balance on the board: wishes against places, as they are at this moment."""

from matching.board_visits import Visits, words_of
from matching.cast import Cast
from rig import Rig


async def test_the_balance_names_what_is_scarce(rig: Rig, cast: Cast, board: Visits) -> None:
    for fields, areas in (
        (["law", "health"], ["region:midtjylland"]),
        (["law"], ["municipality:0751", "municipality:0740"]),
        ([], ["country:SE"]),
    ):
        await cast.joins("intern", wishes={"fields": fields, "areas": areas})
    await cast.joins("host", field="health", capacity=3)
    page = words_of(await board.get("/balance"))
    assert "Der mangler flest pladser her: Jura og tilsyn (2 ønsker, 0 pladser)." in page
    assert "1 praktikant er åben for alle." in page
    assert "Uden for Danmark (1 ønske, 0 pladser)" in page
    assert "Sundhed 1 0 1 3 3 0" in page
    assert "Region Midtjylland 2 3 1 3 3 0" in page
    raw = await board.get("/balance")
    assert raw.count('role="img"') == 2
    await cast.proposed()
    after = words_of(await board.get("/balance"))
    assert "Praktikanter uden plads 0" in after
    assert "Ledige pladser 0" in after
    file = await board.answer("/balance.csv")
    assert "Fag;Jura og tilsyn;2;0;0;0;0" in file.text
    assert "Region;Region Midtjylland;2;3;1;3;0" in file.text


async def test_a_host_that_offers_less_than_it_has_given_away_takes_no_seat_from_others(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    host = await cast.joins("host", capacity=2)
    for _ in range(2):
        await cast.joins("intern")
    await cast.proposed()
    await rig.tell(cast.body(host, capacity=1))
    await cast.joins("host", capacity=3)
    page = words_of(await board.get("/balance"))
    assert "Praktikanter uden plads 0" in page
    assert "Pladser 4 Ledige pladser 3" in page


async def test_an_intern_who_has_left_since_is_neither_there_nor_placed(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    await cast.joins("host", capacity=2)
    gone, _ = [await cast.joins("intern") for _ in range(2)]
    assert len(await cast.proposed()) == 2
    async with rig.database.transaction() as tx:  # a stay that was held stands when its intern leaves
        await tx.conn.execute("update placements set state = 'completed'")
        await tx.conn.execute(
            "update participants set state = 'erased', body = null where participant_id = $1",
            gone.participant_id,
        )
    page = words_of(await board.get("/balance"))
    assert "Praktikanter 1 Praktikanter uden plads 0" in page
    assert "Pladser 2 Ledige pladser 0" in page


async def test_an_empty_balance_says_so(board: Visits) -> None:
    page = words_of(await board.get("/balance"))
    assert "Her er ingen endnu." in page
    assert "pladser nok" not in page
