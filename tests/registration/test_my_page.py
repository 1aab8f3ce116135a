"""A person's own page: what they can do now, what it waits for, what has happened, their calendar and their data."""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from registration.desk import Desk, bearer, host, intern, named
from validators.judging import calendar_faults

from ipraktik_contracts.events import (
    AgreementApproved,
    AgreementDrafted,
    AgreementRefused,
    AgreementSigned,
    EvaluationRequested,
    EvaluationSubmitted,
    Event,
    InternshipCompleted,
    MatchAccepted,
    MatchNotFound,
    MatchProposed,
)
from ipraktik_registration.domain.course import LIVE
from ipraktik_registration.store.hosts_on_offer import HOLDING
from ipraktik_registration.usecases.note_progress import EVALUATION_STATES, PLACEMENT_STATES
from ipraktik_registration.web.labels import PLACEMENT
from ipraktik_registration.web.people.telling import SAID

FIRST, LAST = date(2018, 9, 10), date(2018, 9, 12)
PERSON = ("overview", "withdraw", "erase", "update")


def path(participant_id: uuid.UUID, act: str = "") -> str:
    return f"/registration/sign-ups/{participant_id}{act}"


@dataclass
class Pair:
    """An intern and a host, both signed up, and what is said of their placement."""

    desk: Desk
    intern_id: uuid.UUID
    host_id: uuid.UUID
    ids: dict[str, Any]

    async def tell(self, *kinds: tuple[type[Event], dict[str, Any]]) -> None:
        await self.desk.rig.tell(*(kind(**(self.ids | more)) for kind, more in kinds))

    async def page(self, who: str, **query: str) -> httpx.Response:
        page = await self.desk.client.get(
            path(self.host_id if who in ("host", "reserve") else self.intern_id),
            params=query,
            headers={"cookie": f"ipraktik={await self.token(who)}", "accept": "text/html"},
        )
        assert page.status_code == 200, page.text
        return page

    async def token(self, who: str) -> str:
        relation = {"manager": "manager", "reserve": "reserve"}.get(who, "self")
        owner = self.host_id if who in ("host", "reserve") else self.intern_id
        contact_id, epoch = await self.desk.contact(owner, relation)
        acts = {"manager": ("overview", "consent"), "reserve": ("overview",)}.get(who, PERSON)
        return self.desk.rig.link(
            contact_id=contact_id, participant_id=owner, acts=acts, aggregates=[owner], epoch=epoch
        )


@pytest.fixture
async def pair(desk: Desk) -> Pair:
    edition_id = await desk.open_edition()
    guest, place = await desk.register(intern()), await desk.register(host())
    ids = {
        "placement_id": uuid.uuid4(),
        "edition_id": edition_id,
        "intern_id": guest,
        "host_id": place,
        "group_id": None,
    }
    return Pair(desk, guest, place, ids)


def proposed(pair: Pair) -> tuple[type[Event], dict[str, Any]]:
    until = pair.desk.rig.clock.now() + timedelta(days=7)
    more = {"run_id": None, "origin": "matched", "answer_by": until, "reasons": ()}
    return MatchProposed, {"first_day": FIRST, "last_day": LAST, **more}


def drafted(pair: Pair, version: int = 1) -> tuple[type[Event], dict[str, Any]]:
    until = pair.desk.rig.clock.now() + timedelta(days=14)
    days = {"first_day": FIRST, "last_day": LAST, "sign_by": until}
    return AgreementDrafted, {"version": version, "fingerprint": "0" * 64, **days}


def said(page: httpx.Response) -> str:
    """The middle of the page as plain text."""
    return page.text.partition("<main")[2].partition("</main>")[0]


def test_everything_that_is_heard_has_a_sentence_and_every_state_a_name() -> None:
    heard: list[type[Event]] = [*PLACEMENT_STATES, *EVALUATION_STATES, MatchNotFound]
    kinds = {one.__name__ for one in heard}
    assert kinds == set(SAID)
    assert set(PLACEMENT_STATES.values()) == set(PLACEMENT)
    assert set(HOLDING) == LIVE - {"completed"}, "a stay that is over holds no seat"


async def test_the_page_shows_what_was_told(desk: Desk) -> None:
    await desk.open_edition()
    friend, place = intern(), host()
    body = intern(companion=named(friend), host_in_mind=named(place))
    participant_id = await desk.register(body)
    page = await desk.page(path(participant_id), await desk.link(participant_id))
    for text in (
        *(body["name"], body["email"], body["motivation"], body["manager"]["name"], friend["name"]),
        *("Venter på den anden", "4 til 5 dage", "Plan og byudvikling", "Biblioteker", place["name"]),
        f"Vi venter på, at {friend['name']} siger ja",
        "Vi leder efter en vært",
        path(participant_id, "/update"),
        path(participant_id, "/withdraw"),
        path(participant_id, "/erase"),
        *(f"/{service}/my-data" for service in ("registration", "matching", "notify", "evaluation")),
    ):
        assert text in page.text, text


async def test_each_party_reads_its_own_tasks_and_whom_it_waits_for(pair: Pair) -> None:
    await pair.tell(proposed(pair))
    task = f"/matching/placements/{pair.ids['placement_id']}/answer"
    for who in ("intern", "host", "reserve"):
        assert task in said(await pair.page(who))
    assert task not in said(await pair.page("manager"))
    await pair.tell((MatchAccepted, {"party": "host", "both": False}))
    answered = said(await pair.page("host"))
    assert task not in answered
    assert "Forslaget venter på svar fra praktikanten." in answered
    assert "I sagde ja til forslaget." in answered
    waiting = said(await pair.page("intern"))
    assert task in waiting
    assert "Senest 16. april 2018 kl. 10.00" in waiting
    assert "Værten sagde ja til forslaget." in waiting


async def test_an_agreement_asks_for_approval_anew_whenever_it_changes(pair: Pair) -> None:
    await pair.tell(proposed(pair), drafted(pair))
    task = f"/matching/placements/{pair.ids['placement_id']}/agreement"
    approval = {"version": 1, "fingerprint": "0" * 64}
    await pair.tell((AgreementApproved, {"party": "intern", **approval}))
    assert task not in said(await pair.page("intern"))
    manager = said(await pair.page("manager"))
    assert task in manager
    assert "Praktikanten godkendte aftalen." in manager
    assert "venter på godkendelse fra din leder og værten." in said(await pair.page("intern"))
    assert "venter på godkendelse fra praktikantens leder." in said(await pair.page("host"))
    await pair.tell((AgreementRefused, {"party": "manager", "version": 1, "reason": "dates"}))
    assert "Ret aftalen" in said(await pair.page("intern"))
    assert "Din leder sagde nej til aftalen." in said(await pair.page("intern"))
    await pair.tell(drafted(pair, version=2))
    assert task in said(await pair.page("intern"))
    assert "Alle tre skal godkende den igen" in said(await pair.page("intern"))


async def test_the_stages_mark_where_the_person_is(pair: Pair) -> None:
    def marked(page: httpx.Response) -> str:
        return said(page).partition('aria-current="step">')[2].partition("<")[0]

    assert marked(await pair.page("intern")) == "Forslag"
    await pair.tell(proposed(pair), drafted(pair))
    assert marked(await pair.page("intern")) == "Aftale"
    signing = {"version": 1, "fingerprint": "0" * 64, "first_day": FIRST, "last_day": LAST}
    await pair.tell((AgreementSigned, signing))
    assert marked(await pair.page("host")) == "Praktik"
    await pair.tell((InternshipCompleted, {"first_day": FIRST, "last_day": LAST, "decided_by": "host"}))
    assert marked(await pair.page("host")) == "Evaluering"


def heading(page: httpx.Response) -> str:
    [found] = re.findall(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
    return str(found).strip()


async def test_the_heading_says_where_each_party_stands_and_what_waits(pair: Pair) -> None:
    async def headings() -> tuple[str, str, str]:
        intern, manager, host = [heading(await pair.page(who)) for who in ("intern", "manager", "host")]
        assert heading(await pair.page("reserve")) == host
        return intern, manager, host

    approval = {"version": 1, "fingerprint": "0" * 64}
    days = {"first_day": FIRST, "last_day": LAST}
    clock = pair.desk.rig.clock
    assert await headings() == (
        "Du er tilmeldt. Vi leder efter en vært",
        "Praktikanten er tilmeldt. Vi leder efter en vært",
        "I er tilmeldt. Vi leder efter en praktikant",
    )
    await pair.tell(proposed(pair))
    asked = "Der er et forslag. Svar ja eller nej"
    waiting = "Der er et forslag. Vi venter på svar fra praktikanten og værten"
    assert await headings() == (asked, waiting, asked)
    await pair.tell((MatchAccepted, {"party": "host", "both": False}))
    assert (await headings())[2] == "I har sagt ja. Vi venter på svar fra praktikanten"
    await pair.tell((MatchAccepted, {"party": "intern", "both": True}))
    assert set(await headings()) == {"Der er sagt ja. Aftalen er på vej"}
    await pair.tell(drafted(pair))
    assert set(await headings()) == {"Aftalen er klar. Læs den, og godkend den"}
    await pair.tell((AgreementApproved, {"party": "intern", **approval}))
    assert (await headings())[0] == "Du har godkendt aftalen. Vi venter på din leder og værten"
    await pair.tell((AgreementSigned, approval | days))
    assert set(await headings()) == {"Aftalen gælder. Praktikken begynder 10. september 2018"}
    clock.instant = datetime(2018, 9, 12, 12, tzinfo=UTC)
    assert set(await headings()) == {"Praktikken er i gang"}
    clock.instant = datetime(2018, 9, 13, 12, tzinfo=UTC)
    assert set(await headings()) == {"Praktikken er slut. Fortæl, om den blev gennemført"}
    await pair.tell((InternshipCompleted, {**days, "decided_by": "host"}))
    assert set(await headings()) == {"Praktikken er gennemført"}
    asking = {
        "evaluation_id": uuid.uuid4(),
        "edition_id": pair.ids["edition_id"],
        "placement_id": pair.ids["placement_id"],
        "party": "manager",
        "wave": "after",
        "question_set_version": 1,
    }
    until = clock.now() + timedelta(days=3)
    await pair.desk.rig.tell(EvaluationRequested(**asking, answer_by=until))
    done = "Praktikken er gennemført"
    assert await headings() == (done, f"{done}. Svar på evalueringen", done)
    await pair.desk.rig.tell(EvaluationSubmitted(**asking, answer_by=until))
    assert await headings() == (done, f"{done}. Tak for din evaluering", done)
    english = heading(await pair.page("manager", lang="en"))
    assert english == "The stay was held. Thank you for your evaluation"


async def test_an_edition_that_is_over_looks_for_nobody_and_leads_on(pair: Pair) -> None:
    pair.desk.rig.clock.instant = datetime(2018, 9, 14, 21, tzinfo=UTC)  # still its last day in Denmark
    assert "Vi leder efter en vært, der passer til dig." in said(await pair.page("intern"))
    pair.desk.rig.clock.instant = datetime(2018, 9, 14, 22, tzinfo=UTC)
    for who in ("intern", "manager", "host"):
        page = await pair.page(who)
        assert heading(page) == "Runden er slut"
        assert "velkommen igen i den næste" in said(page)
        assert "Vi leder efter" not in said(page)


async def test_evaluations_are_asked_of_the_party_they_are_for(pair: Pair) -> None:
    await pair.tell(proposed(pair))
    ids = {}
    for party in ("intern", "manager", "host"):
        ids[party] = uuid.uuid4()
        await pair.desk.rig.tell(
            EvaluationRequested(
                evaluation_id=ids[party],
                edition_id=pair.ids["edition_id"],
                placement_id=pair.ids["placement_id"],
                party=party,
                wave="after",
                question_set_version=1,
                answer_by=pair.desk.rig.clock.now() + timedelta(days=3),
            )
        )
    for who in ("intern", "manager", "host"):
        page = said(await pair.page(who))
        assert [party for party, one in ids.items() if f"/evaluation/evaluations/{one}" in page] == [who]


async def test_the_page_says_when_it_was_made_while_something_is_open_elsewhere(pair: Pair) -> None:
    assert "Siden er hentet" not in said(await pair.page("intern"))
    await pair.tell(proposed(pair))
    assert "Siden er hentet 9. april 2018 kl. 10.00" in said(await pair.page("intern"))
    assert "Tak, vi har fået det" not in said(await pair.page("intern"))
    assert "Tak, vi har fået det" in said(await pair.page("intern", just="1"))


async def test_a_run_that_found_no_place_is_told_kindly(pair: Pair) -> None:
    more = {"participant_id": pair.intern_id, "edition_id": pair.ids["edition_id"], "run_id": uuid.uuid4()}
    await pair.desk.rig.tell(MatchNotFound(**more, reason="no_free_place", final=False))
    assert "Vi leder videre" in said(await pair.page("intern"))
    await pair.desk.rig.tell(MatchNotFound(**more, reason="no_free_place", final=True))
    page = said(await pair.page("intern"))
    assert page.count("Vi fandt ikke en plads denne gang") == 1
    assert "Du er velkommen igen i næste runde." in page
    assert "Vi leder" not in page


async def test_what_came_of_one_moment_is_told_in_the_order_it_came(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host())
    await desk.act(participant_id, "withdrawal", {})
    page = said(await desk.page(path(participant_id), await desk.link(participant_id)))
    told = [
        "blev trukket tilbage",
        "Tilmeldingen gælder",
        "Tilmeldingen blev bekræftet",
        "Tilmeldingen kom ind",
    ]
    assert sorted(told, key=page.index) == told


async def test_the_same_event_twice_is_one_line_of_history(pair: Pair) -> None:
    [envelope] = await pair.desk.rig.tell(proposed(pair)[0](**(pair.ids | proposed(pair)[1])))
    await pair.desk.rig.intake.take([pair.desk.rig.record(envelope)])
    assert said(await pair.page("intern")).count("Der kom et forslag") == 1


async def test_a_manager_and_a_reserve_read_the_course_and_nothing_that_is_the_owners_own(pair: Pair) -> None:
    own = await pair.desk.own(pair.intern_id)
    place = await pair.desk.own(pair.host_id)
    manager, reserve = said(await pair.page("manager")), said(await pair.page("reserve"))
    assert "Praktikanten er tilmeldt" in manager
    assert own["details"]["name"] in manager
    assert place["details"]["name"] in reserve
    for page, details in ((manager, own["details"]), (reserve, place["details"])):
        assert details["email"] not in page
        for act in ("/update", "/withdraw", "/erase"):
            assert act not in page
    token = await pair.token("manager")
    for act in ("/update", "/withdraw", "/erase"):
        assert (await pair.desk.page(path(pair.intern_id, act), token)).status_code == 403
    json_route = f"/registration/api/v1/sign-ups/{pair.intern_id}"
    assert (await pair.desk.client.get(json_route, headers=bearer(token))).status_code == 403


async def test_the_calendar_file_has_the_stay_and_the_deadlines_and_is_valid(
    pair: Pair, tmp_path: Path
) -> None:
    await pair.tell(proposed(pair))
    token = await pair.token("intern")
    answer = await pair.desk.page(path(pair.intern_id, "/calendar.ics"), token)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events: list[Any] = Calendar.from_ical(answer.content).walk("VEVENT")
    stay, deadline = events
    assert (stay["dtstart"].dt, stay["dtend"].dt) == (FIRST, LAST + timedelta(days=1))
    assert str(stay["uid"]) == f"{pair.ids['placement_id']}@example.org"  # as the version before has it
    assert str(stay["status"]) == "TENTATIVE"
    assert "Vejle Kommune" in stay["summary"]
    assert "dtend" not in deadline
    assert deadline["dtstart"].dt == pair.desk.rig.clock.now() + timedelta(days=7)
    assert path(pair.intern_id) in str(deadline["description"])
    again = await pair.desk.page(path(pair.intern_id, "/calendar.ics"), token)
    assert again.content == answer.content
    assert calendar_faults(calendars=[answer.content], home=tmp_path) == ""


async def test_a_deadline_at_midnight_is_the_day_that_ends_on_the_page_and_in_the_calendar(
    pair: Pair,
) -> None:
    event, more = proposed(pair)
    midnight = datetime(2018, 12, 13, 23, tzinfo=UTC)  # 14 December in Denmark
    await pair.tell((event, more | {"answer_by": midnight}))
    page = said(await pair.page("intern"))
    assert "Senest 13. december 2018" in page
    assert "kl. 0.00" not in page
    answer = await pair.desk.page(path(pair.intern_id, "/calendar.ics"), await pair.token("intern"))
    [_, deadline] = list[Any](Calendar.from_ical(answer.content).walk("VEVENT"))
    assert deadline["dtstart"].dt == date(2018, 12, 13)


async def test_the_page_names_the_role_and_the_persons_other_sign_up(desk: Desk) -> None:
    await desk.open_edition()
    body = host()
    place = await desk.register(body)
    alone = said(await desk.page(path(place), await desk.link(place)))
    assert "Det er din tilmelding som vært." in alone
    assert "Du har også" not in alone
    guest = await desk.register(intern(name=body["name"], email=body["email"]))
    both = said(await desk.page(path(place), await desk.link(place)))
    assert "Du har også en tilmelding som praktikant i runden Uge 37, 2018 (10.–14. september 2018)." in both
    assert "/registration/new-link" in both
    assert "Du har også en tilmelding som vært i runden" in said(
        await desk.page(path(guest), await desk.link(guest))
    )
    assert "You also have a sign-up as an intern in the edition Uge 37, 2018 (" in said(
        await desk.page(path(place) + "?lang=en", await desk.link(place))
    )
    manager = said(await desk.page(path(guest), await desk.link(guest, "consent")))
    assert "Du har også" not in manager


async def test_a_sign_up_in_a_round_that_is_over_is_not_told_of_beside_the_new_one(desk: Desk) -> None:
    first = await desk.open_edition()
    body = host()
    await desk.register(body | {"edition_id": str(first)})
    second = await desk.open_edition(
        name="Uge 37, 2019",
        week={"year": 2019, "week": 37},
        window={"opens_at": "2018-03-01T08:00:00Z", "closes_at": "2019-06-08T22:00:00Z"},
    )
    place = await desk.register(body | {"edition_id": str(second)})
    desk.rig.clock.instant = datetime(2018, 9, 14, 20, tzinfo=UTC)  # the last day of the first one
    shown = said(await desk.page(path(place), await desk.link(place)))
    assert "Du har også en tilmelding som vært i runden Uge 37, 2018 (10.–14. september 2018)." in shown
    desk.rig.clock.instant = datetime(2018, 9, 14, 22, tzinfo=UTC)  # midnight in Denmark
    assert "Du har også" not in said(await desk.page(path(place), await desk.link(place)))


async def test_a_manager_reads_of_the_employee_and_the_intern_of_the_manager(pair: Pair) -> None:
    intern_page, manager_page = said(await pair.page("intern")), said(await pair.page("manager"))
    assert "Vi leder efter en vært, der passer til dig." in intern_page
    assert "Din leder sagde ja til, at du er med." in intern_page
    assert "der passer til dig" not in manager_page
    assert "Vi leder efter en vært, der passer til" in manager_page
    assert "Du sagde ja til, at din medarbejder er med." in manager_page
    await pair.tell(proposed(pair), drafted(pair))
    assert "skriv dine mål" in said(await pair.page("intern"))
    manager_page = said(await pair.page("manager"))
    assert "Læs aftalen, og godkend den" in manager_page
    assert "dine mål" not in manager_page
