"""The coordinators' pages of registration: every page in every state, with long names and many rows."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from browser.stops import Stop
from playwright.async_api import Page
from registration.counter import HERE, bring, host_row, intern_row, rows_of
from registration.desk import Desk, host, intern, named, workplace
from rig import Rig

from ipraktik_contracts.events import EvaluationRequested, MatchNotFound, MatchProposed

SERVICE = "registration"
LONG = "Kompetenceudviklingsforvaltningens tværgående innovationssekretariat i Region Nordjylland"
WRONG = rows_of(
    intern_row(1),
    intern_row(2, **{"E-mail": "forkert", "Sektor": "Privat"}),
    intern_row(3, Navn="", Organisation=LONG),
    host_row(4, Organisation=LONG),
)


async def stops(rig: Rig) -> Sequence[Stop]:
    """Set the scene: an edition with many, one with nobody, people in every state, lists on their way."""
    async with Desk.open(rig) as desk:
        edition_id = await desk.open_edition()
        empty_id = await desk.open_edition(
            name="Løbende 2018",
            mode="rolling",
            window={"opens_at": "2018-01-01T00:00:00Z", "closes_at": None},
            week=None,
            dates={"first_day": "2018-01-01", "last_day": "2018-12-31"},
        )
        full = await _full(desk, edition_id)
        waiting = await desk.sign_up(intern(edition_id=str(edition_id)))
        gone = await desk.register(host(edition_id=str(edition_id)))
        await desk.erase(gone)
        for number in range(55):
            await desk.sign_up(
                host(
                    name=f"Vært {number}",
                    edition_id=str(edition_id),
                    workplace=workplace(organisation_name=LONG if number % 7 == 0 else f"Sted {number}"),
                )
            )
        looked = await _brought(desk, edition_id, WRONG)
        done = await _brought(desk, edition_id, rows_of(host_row(9), intern_row(8, Sektor="Privat")))
    here = f"{HERE}/sign-ups?edition={edition_id}"
    case = f"{HERE}/sign-ups"
    return [
        _stop("desk-sign-ups", here),
        _stop("desk-sign-ups-sorted", f"{here}&order=organisation&falling=yes&role=host"),
        _stop("desk-sign-ups-searched", here, act=_search),
        _stop("desk-sign-ups-nobody", f"{HERE}/sign-ups?edition={empty_id}"),
        _stop("desk-case", f"{case}/{full}"),
        _stop("desk-case-waiting", f"{case}/{waiting}?done=registered"),
        _stop("desk-case-erased", f"{case}/{gone}"),
        _stop("desk-case-wrong-address", f"{case}/{waiting}", act=_wrong_address, status=422),
        _stop("desk-register", f"{HERE}/register"),
        _stop("desk-register-intern", f"{HERE}/register?role=intern"),
        _stop("desk-register-host", f"{HERE}/register?role=host"),
        _stop("desk-register-wrong", f"{HERE}/register?role=intern", act=_send, status=422),
        _stop("desk-import", f"{HERE}/import"),
        _stop("desk-import-wrong", f"{HERE}/import", act=_wrong_list, status=422),
        _stop("desk-import-look", looked),
        _stop("desk-import-done", done, act=_take_in),
        _stop("desk-editions", f"{HERE}/editions?done=opened"),
        _stop("desk-edition-new", f"{HERE}/editions/new"),
        _stop("desk-edition-wrong", f"{HERE}/editions/new", act=_send, status=422),
        _stop("desk-edition-change", f"{HERE}/editions/{edition_id}", act=_change_edition),
    ]


def _stop(name: str, path: str, **more: object) -> Stop:
    return Stop(name, path, coordinator=True, **more)  # type: ignore[arg-type]  # act and status


async def _full(desk: Desk, edition_id: uuid.UUID) -> uuid.UUID:
    """An intern of whom everything is known, with a long name, a companion, a proposal and an evaluation."""
    friend = intern(edition_id=str(edition_id))
    place = await desk.register(
        host(
            edition_id=str(edition_id), workplace=workplace(organisation_name=LONG, municipality_code="0820")
        )
    )
    body = intern(
        name="Maximiliane-Alexandra " + "Christiansdatter-" * 3 + "Vestergaard",
        edition_id=str(edition_id),
        companion=named(friend),
        host_in_mind={"participant_id": str(place)},
        available=[{"first_day": "2018-09-10", "last_day": "2018-09-12"}],
        wishes={
            "fields": ["law", "health"],
            "sectors": ["state"],
            "areas": ["region:syddanmark"],
            "own_organisation": True,
        },
        motivation="Jeg vil se, hvordan andre gør.\n\nOg jeg vil lære nyt.",
    )
    intern_id = await desk.register(body)
    await desk.register(friend)
    placement_id, now = uuid.uuid4(), desk.rig.clock.now()
    await desk.rig.tell(
        MatchNotFound(
            participant_id=intern_id,
            edition_id=edition_id,
            run_id=uuid.uuid4(),
            reason="no_free_place",
            final=False,
        ),
        MatchProposed(
            placement_id=placement_id,
            edition_id=edition_id,
            intern_id=intern_id,
            host_id=place,
            group_id=None,
            run_id=None,
            origin="matched",
            first_day=date(2018, 9, 10),
            last_day=date(2018, 9, 12),
            answer_by=now + timedelta(days=7),
            reasons=(),
        ),
        EvaluationRequested(
            evaluation_id=uuid.uuid4(),
            edition_id=edition_id,
            placement_id=placement_id,
            party="intern",
            wave="after",
            question_set_version=1,
            answer_by=now + timedelta(days=30),
        ),
    )
    return intern_id


async def _brought(desk: Desk, edition_id: uuid.UUID, text: str) -> str:
    sent = await bring(desk, edition_id, text.encode())
    return sent.headers["location"]


async def _send(page: Page) -> None:
    await page.click("main form[novalidate] button.button-primary")


async def _search(page: Page) -> None:
    await page.fill("#q", "vært 1")
    await page.press("#q", "Enter")


async def _wrong_address(page: Page) -> None:
    await page.locator("summary").first.click()
    await page.fill("#email", "forkert")
    await page.press("#email", "Enter")


async def _wrong_list(page: Page) -> None:
    await page.select_option("#edition", index=1)
    await page.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": b"Navn;By\nx;y"})
    await _send(page)


async def _take_in(page: Page) -> None:
    """Whoever came before may have pressed it already, which ends on the same page."""
    button = page.locator("main form button")
    if await button.count():
        await button.click()


async def _change_edition(page: Page) -> None:
    await page.fill("#week", "38")
    await page.fill("#answer_days", "9")
    await page.check("#hold_mails")
    await _send(page)
