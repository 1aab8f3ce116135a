"""The pages of people who take part, and of those who look for a host: every page in every state that it has."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from browser.stops import Stop
from playwright.async_api import Page
from registration.desk import Desk, host, intern, named, workplace
from rig import Rig

from ipraktik_contracts.events import (
    AgreementApproved,
    AgreementDrafted,
    AgreementSigned,
    EvaluationRequested,
    Event,
    InternshipCompleted,
    MatchAccepted,
    MatchNotFound,
    MatchProposed,
)
from ipraktik_registration.domain.course import Party

SERVICE = "registration"
FIRST, LAST = date(2018, 9, 10), date(2018, 9, 12)
PERSON = ("overview", "withdraw", "erase", "update")
LONG = "Kompetenceudviklingsforvaltningens tværgående innovationssekretariat i Region Nordjylland"
OFFER = (
    "Du får et skrivebord hos os og en cykel. Du er med på møder og ude hos borgerne.\n\n"
    "Hver dag slutter vi med en snak om, hvad du har set."
)


@dataclass
class Scene:
    """Registration with people in it, and what is said of them."""

    desk: Desk
    edition_id: uuid.UUID

    async def link(self, participant_id: uuid.UUID, relation: str = "self", *acts: str) -> str:
        """A broad link, as mails carry it."""
        contact_id, epoch = await self.desk.contact(participant_id, relation)
        usual = {"manager": ("overview", "consent"), "reserve": ("overview",)}.get(relation, PERSON)
        return self.desk.rig.link(
            contact_id=contact_id,
            participant_id=participant_id,
            acts=(*acts, *usual),
            aggregates=[participant_id],
            epoch=epoch,
        )

    async def offer(self, name: str, code: str | None = "0751", **changes: Any) -> uuid.UUID:
        """A host."""
        self.desk.rig.clock.advance(timedelta(seconds=1))
        work = workplace(organisation_name=name, municipality_code=code, country="DK" if code else "SE")
        return await self.desk.register(host(workplace=work, offer=OFFER, **changes))

    async def place(self, intern_id: uuid.UUID, host_id: uuid.UUID, *kinds: str) -> dict[str, Any]:
        """What is said of a placement, as far as these kinds."""
        now = self.desk.rig.clock.now()
        ids: dict[str, Any] = {
            "placement_id": uuid.uuid4(),
            "edition_id": self.edition_id,
            "intern_id": intern_id,
            "host_id": host_id,
            "group_id": None,
        }
        days: dict[str, Any] = {"first_day": FIRST, "last_day": LAST}
        version: dict[str, Any] = {"version": 1, "fingerprint": "0" * 64}
        events: dict[str, Event] = {
            "proposed": MatchProposed(
                **ids, **days, run_id=None, origin="matched", answer_by=now + timedelta(days=7), reasons=()
            ),
            "accepted": MatchAccepted(**ids, party="host", both=False),
            "drafted": AgreementDrafted(**ids, **days, **version, sign_by=now + timedelta(days=14)),
            "approved": AgreementApproved(**ids, **version, party="host"),
            "signed": AgreementSigned(**ids, **days, **version),
            "completed": InternshipCompleted(**ids, **days, decided_by="silence"),
        }
        await self.desk.rig.tell(*(events[kind] for kind in kinds))
        return ids

    async def evaluate(self, ids: dict[str, Any], party: Party) -> None:
        """An evaluation is asked for."""
        await self.desk.rig.tell(
            EvaluationRequested(
                evaluation_id=uuid.uuid4(),
                edition_id=self.edition_id,
                placement_id=ids["placement_id"],
                party=party,
                wave="after",
                question_set_version=1,
                answer_by=self.desk.rig.clock.now() + timedelta(days=14),
            )
        )


def path(participant_id: uuid.UUID, act: str = "") -> str:
    return f"/registration/sign-ups/{participant_id}{act}"


def sending(**fields: str) -> Any:
    """Fill in by id and press the form's button, whatever it is called in the language of the visit."""

    async def act(page: Page) -> None:
        for name, value in fields.items():
            await page.locator(f"#{name.replace('_', '-')}").fill(value)
        await page.locator("main form[method=post] button[type=submit]").click()

    return act


async def stops(rig: Rig) -> Sequence[Stop]:
    """The stops; everybody in them is made up."""
    async with Desk.open(rig) as desk:
        scene = Scene(desk, await desk.open_edition())
        return [
            *await _registry(scene),
            *await _mails(scene),
            *await _own(scene),
            *await _leaving(scene),
            *_links(),
        ]


async def _registry(scene: Scene) -> list[Stop]:
    names = [
        "Aarhus Bibliotek",
        "Vejle Kommune",
        "Bornholms Museum",
        "Københavns Kommune",
        "Malmö stad",
        LONG,
    ]
    codes = ["0751", "0630", "0400", "0101", None, "0851"]
    ids = [await scene.offer(name, code) for name, code in zip(names, codes, strict=True)]
    for number in range(18):
        await scene.offer(f"Ringsted Kommune, afdeling {number}", "0329", field="elderly")
    full = await scene.offer("Kolding Kommune", "0621", capacity=1, language="en")
    await scene.place(await scene.desk.register(intern()), full, "proposed")
    gone = await scene.offer("Faxe Kommune", "0320")
    await scene.desk.act(gone, "withdrawal", {})
    return [
        Stop("hosts", "/registration/hosts"),
        Stop("hosts-none-found", "/registration/hosts?place=municipality:0751&field=law&seats=2"),
        Stop("host", f"/registration/hosts/{ids[5]}"),
        Stop("host-gone", f"/registration/hosts/{gone}", status=410),
    ]


async def _mails(scene: Scene) -> list[Stop]:
    desk = scene.desk
    fresh, friend = await desk.sign_up(intern()), intern()
    friend_id = await desk.register(friend)
    guest_id = await desk.register(intern(companion=named(friend), name=LONG[:60]))
    asked = await desk.sign_up(intern())
    await desk.act(asked, "confirmation")
    inviting = await desk.register(intern(companion=named(intern())))
    place = host()
    place_id = await desk.register(place)
    await desk.register(intern(self_found_host=named(place), name=LONG[:60]))
    return [
        Stop("confirm", path(fresh, "/confirm"), token=await scene.link(fresh, "self", "confirm")),
        Stop("consent", path(asked, "/consent"), token=await scene.link(asked, "manager")),
        Stop("consent-no", path(asked, "/consent?no=yes"), token=await scene.link(asked, "manager")),
        Stop("companion", f"/registration/invitations/{guest_id}", token=await scene.link(friend_id)),
        Stop("pair", path(place_id, "/pair"), token=await scene.link(place_id, "self", "pair")),
        Stop("pair-nobody", path(fresh, "/pair"), token=await scene.link(fresh, "self", "pair"), status=409),
        Stop(
            "invitation",
            f"/registration/invitations/{inviting}",
            token=await desk.link(inviting, "invited", relation="invited"),
        ),
    ]


async def _own(scene: Scene) -> list[Stop]:
    desk = scene.desk
    guest = intern(companion=named(intern()), motivation="Jeg vil se noget andet. " * 60)
    guest_id, place_id = await desk.register(guest), await desk.register(host(name=LONG[:60]))
    await scene.place(guest_id, place_id, "proposed", "accepted")
    second = await desk.register(intern())
    await scene.place(second, place_id, "proposed", "drafted", "approved")
    done = await desk.register(intern())
    await scene.evaluate(
        await scene.place(done, place_id, "proposed", "drafted", "signed", "completed"), "intern"
    )
    unplaced = await desk.register(intern())
    await desk.rig.tell(
        MatchNotFound(
            participant_id=unplaced,
            edition_id=scene.edition_id,
            run_id=uuid.uuid4(),
            reason="no_free_place",
            final=True,
        )
    )
    return [
        Stop("my-page-proposal", path(guest_id) + "?just=1", token=await scene.link(guest_id)),
        Stop("my-page-host", path(place_id), token=await scene.link(place_id)),
        Stop("my-page-done", path(done), token=await scene.link(done)),
        Stop("my-page-no-place", path(unplaced), token=await scene.link(unplaced)),
        Stop("my-page-manager", path(second), token=await scene.link(second, "manager")),
        Stop("update-intern", path(guest_id, "/update"), token=await scene.link(guest_id)),
        Stop(
            "update-host-error",
            path(place_id, "/update"),
            token=await scene.link(place_id),
            act=sending(name="", reserve_email="ikke en adresse"),
            status=422,
        ),
    ]


async def _leaving(scene: Scene) -> list[Stop]:
    desk = scene.desk
    staying, gone = await desk.register(host()), await desk.register(host())
    await desk.act(gone, "withdrawal", {})
    return [
        Stop("my-page-withdrawn", path(gone), token=await scene.link(gone)),
        Stop(
            "withdraw-error",
            path(staying, "/withdraw"),
            token=await scene.link(staying),
            act=sending(),
            status=422,
        ),
        Stop("erase", path(staying, "/erase"), token=await scene.link(staying)),
    ]


def _links() -> list[Stop]:
    return [
        Stop(
            "new-link-error",
            "/registration/new-link",
            act=sending(email="anna på arbejde"),
            status=422,
        ),
        Stop("link-asked", "/registration/link-asked"),
        Stop("sign-in", "/registration/sign-in"),
        Stop("sign-in-asked", "/registration/sign-in-asked"),
        Stop("signed-out", "/registration/signed-out"),
        Stop("erased", "/registration/erased"),
        Stop("address-changed", "/registration/address-changed"),
    ]
