"""What is there when the requests come: sign-ups, placements, mails and evaluations, and a request that fits for every route."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from evaluation.facts import AFTER_THE_STAY, World, answers, evaluation_id, link_for
from matching.cast import Cast, Person
from notify.facts import Story
from over_http.serving import Fitting, Scene
from registration.desk import ACTS, Desk, edition, host, intern, named
from rig import Rig

from ipraktik_contracts.fields import Period
from ipraktik_matching.domain.placement import Placement
from ipraktik_notify.domain.callback import Callback
from ipraktik_notify.domain.cursor import Cursor
from ipraktik_notify.domain.scope import Scope
from ipraktik_notify.usecases.make_webhook import Wanted, make_webhook
from ipraktik_notify.usecases.mint_agency_token import mint_agency_token

EVERY = 2
"""So many sign-ups, placements, evaluations for each act: the first is for the request that fits, the rest for odd ones."""

NOBODY = "http://127.0.0.1:9/events"
"""Where nobody listens; the service may call there all the same."""


def _key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


async def registration(rig: Rig) -> Scene:
    """An edition with sign-ups in every state a link opens."""
    async with Desk.open(rig) as desk:
        edition_id = str(await desk.open_edition())
        coordinator = rig.coordinator()

        async def each(acts: str, seed: Any, body: Any = None) -> Sequence[Fitting]:
            found = []
            for _ in range(EVERY):
                one = await seed()
                contact_id, _ = await desk.contact(one, "manager" if acts == "consent" else "self")
                # of an epoch so late that no change of address on the way makes the link void
                token = rig.link(
                    contact_id=contact_id, participant_id=one, acts=ACTS[acts], aggregates=[one], epoch=10**6
                )
                found.append(Fitting(path={"participant_id": str(one)}, token=token, body=body))
            return found

        async def unconfirmed() -> uuid.UUID:
            return await desk.sign_up(intern())

        async def awaiting_consent() -> uuid.UUID:
            participant_id = await desk.sign_up(intern())
            assert (await desk.act(participant_id, "confirmation")).status_code == 200
            return participant_id

        async def registered() -> uuid.UUID:
            return await desk.register(intern())

        async def named_by_an_intern() -> uuid.UUID:
            body = host()
            await desk.register(intern(self_found_host=named(body)))
            return await desk.register(body)

        async def invited() -> Fitting:
            friend = intern()
            inviting = await desk.register(intern(companion=named(friend)))
            asked = await desk.register(friend)
            token = await desk.link(asked, "invited", about=inviting)
            return Fitting(path={"participant_id": str(inviting)}, token=token, body={"agree": True})

        own = "/registration/api/v1/sign-ups/{participant_id}"
        agree = {"agree": True}
        week = [{"first_day": "2018-09-10", "last_day": "2018-09-14"}]
        frame = edition(name="Uge 38, 2018", week={"year": 2018, "week": 38})
        return {
            "POST /api/v1/interns": [Fitting(headers=_key(), body=intern(available=week))],
            "POST /api/v1/hosts": [Fitting(headers=_key(), body=host(available=week))],
            "GET /api/v1/hosts": [Fitting(query={"edition_id": edition_id})],
            "POST /registration/api/v1/editions": [Fitting(token=coordinator, headers=_key(), body=frame)],
            "GET /registration/api/v1/editions": [Fitting()],
            "PUT /registration/api/v1/editions/{edition_id}": [
                Fitting(path={"edition_id": edition_id}, token=coordinator, body=edition())
            ],
            "GET /registration/api/v1/editions/{edition_id}": [Fitting(path={"edition_id": edition_id})],
            "GET /registration/api/v1/sign-ups": [Fitting(token=coordinator)],
            f"POST {own}/confirmation": await each("confirm", unconfirmed),
            f"POST {own}/consent": await each("consent", awaiting_consent, agree),
            f"POST {own}/pair": await each("pair", named_by_an_intern, agree),
            "POST /registration/api/v1/invitations/{participant_id}": [await invited() for _ in range(EVERY)],
            f"POST {own}/withdrawal": await each("overview", registered, {"reason": "own_wish"}),
            f"GET {own}": await each("overview", registered),
            f"PUT {own}": await each("overview", registered, _details(intern(available=week))),
            f"DELETE {own}": await each("overview", registered),
            "POST /registration/api/v1/link-requests": [Fitting(body={"email": "ingen@example.org"})],
        }


def _details(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "edition_id"}


async def matching(rig: Rig) -> Scene:
    """One edition whose week has begun, with agreements signed before it, and one to come, with proposals and agreements."""
    cast = Cast(rig)
    coordinator = rig.coordinator()
    people: dict[uuid.UUID, tuple[Person, Person]] = {}

    async def proposed(count: int) -> list[Placement]:
        interns = [await cast.joins("intern") for _ in range(count)]
        hosts = [await cast.joins("host") for _ in range(count)]
        by_id = {one.participant_id: one for one in (*interns, *hosts)}
        made = await cast.proposed()
        people.update({one.placement_id: (by_id[one.intern_id], by_id[one.host_id]) for one in made})
        assert len(made) == count
        return made

    def token(placement: Placement) -> str:
        return cast.token(people[placement.placement_id][0], placement.placement_id)

    def asked(of: Sequence[Placement], body: Any = None) -> list[Fitting]:
        return [
            Fitting(path={"placement_id": str(one.placement_id)}, token=token(one), body=body) for one in of
        ]

    async def signed(of: Sequence[Placement]) -> None:
        for one in of:
            await cast.both_accept(one, *people[one.placement_id])
            await cast.signs(one.placement_id, *people[one.placement_id])

    rig.clock.instant = datetime(2018, 4, 3, 8, tzinfo=UTC)
    begun = Period(first_day=date(2018, 4, 9), last_day=date(2018, 4, 13))
    await rig.tell(cast.edition(dates=begun, answer_days=3, sign_days=3))
    staying = await proposed(2 * EVERY)
    await signed(staying)
    disputed, undisputed = staying[:EVERY], staying[EVERY:]
    rig.clock.instant = datetime(2018, 4, 10, 8, tzinfo=UTC)
    for one in disputed:
        intern_, host_ = people[one.placement_id]
        for person, held in ((intern_, True), (host_, False)):
            link = cast.token(person, one.placement_id)
            assert (await cast.does(link, one.placement_id, "stay", held=held)).status_code == 200

    cast.edition_id = uuid.uuid4()
    await rig.tell(cast.edition())
    made = await proposed(7 * EVERY)
    groups = [made[start : start + EVERY] for start in range(0, len(made), EVERY)]
    shown, answering, taken_back, approving, refusing, changing, cancelled = groups
    agreeing = []
    for one in (*approving, *refusing, *changing, *cancelled):
        await cast.both_accept(one, *people[one.placement_id])
        current = (await cast.placement(one.placement_id)).current
        assert current is not None
        agreeing.append(current)
    one_fingerprint = {
        version.terms.placement_id: {"version": version.number, "fingerprint": version.fingerprint}
        for version in agreeing
    }
    new_terms = {
        "based_on": 1,
        "first_day": "2018-09-10",
        "last_day": "2018-09-12",
        "meeting_place": "Rådhuset",
        "host_contact_id": None,
        "host_reserve_id": None,
        "goals_intern": "Se noget nyt",
        "goals_manager": "",
        "goals_host": "",
        "programme": "",
        "follow_up": "",
        "hr_asked": True,
        "confidentiality_declaration": False,
    }
    await cast.joins("intern")
    await cast.joins("host")
    run_ids = [await cast.solved_run() for _ in range(EVERY)]
    await cast.web.aclose()

    as_coordinator: list[Fitting] = []
    own = "/matching/api/v1/placements/{placement_id}"
    edition_ = Fitting(path={"edition_id": str(cast.edition_id)}, token=coordinator)
    runs = [
        Fitting(path={"run_id": str(one)}, token=coordinator, body={"final": False}) for one in run_ids[-1:]
    ]
    for one in (*taken_back, *disputed):
        body = {"held": False, "reason": "postponed"} if one in disputed else None
        path = {"placement_id": str(one.placement_id)}
        as_coordinator.append(Fitting(path=path, token=coordinator, body=body))
    return {
        f"GET {own}": asked(shown),
        f"POST {own}/answer": asked(answering, {"accept": True, "reason": None}),
        f"GET {own}/agreement": asked(approving),
        f"POST {own}/agreement/approval": [
            fitting for one in approving for fitting in asked([one], one_fingerprint[one.placement_id])
        ],
        f"POST {own}/agreement/refusal": asked(
            refusing, {"version": 1, "reason": "other", "comment": "Dagene passer ikke."}
        ),
        f"POST {own}/agreement/versions": asked(changing, new_terms),
        f"POST {own}/cancellation": asked(cancelled, {"reason": "dates"}),
        f"POST {own}/stay": asked(undisputed, {"held": True, "reason": None}),
        "POST /matching/api/v1/editions/{edition_id}/runs": [edition_],
        "GET /matching/api/v1/runs/{run_id}": [
            Fitting(path=dict(runs[0].path), token=coordinator),
        ],
        "GET /matching/api/v1/runs/{run_id}/puzzle.json": [
            Fitting(path=dict(runs[0].path), token=coordinator)
        ],
        "GET /matching/api/v1/runs/{run_id}/plan.json": [Fitting(path=dict(runs[0].path), token=coordinator)],
        "POST /matching/api/v1/runs/{run_id}/cancellation": [
            Fitting(path=dict(one.path), token=coordinator) for one in runs
        ],
        "POST /matching/api/v1/runs/{run_id}/release": runs,
        "GET /matching/api/v1/editions/{edition_id}/placements": [edition_],
        f"POST {own}/withdrawal": as_coordinator[:EVERY],
        f"POST {own}/decision": as_coordinator[EVERY:],
    }


async def notify(rig: Rig) -> Scene:
    """An edition that holds its mails, mails that wait for it, an agency with tokens and webhooks; nobody answers at those."""
    story = Story()
    await rig.tell(
        story.edition(hold_mails=True),
        *(story.contact(who) for who in ("intern", "manager", "host")),
        story.registered("intern"),
        story.registered("host"),
        story.proposed(),
    )
    coordinator = rig.coordinator()

    async def token() -> tuple[str, str]:
        """A token of the agency and its id."""
        async with rig.database.transaction() as tx:
            text, kept = await mint_agency_token(
                tx, agency="skat", scope=Scope(), days=30, minted_by="a coordinator"
            )
        return text, str(kept.token_id)

    async def webhook() -> str:
        wanted = Wanted(
            agency="skat",
            callback=Callback.parse(NOBODY),
            scope=Scope(),
            owner_email="drift@example.org",
            language="da",
            after=Cursor.parse("0"),
            created_by="skat",
        )
        async with rig.database.transaction() as tx:
            return str((await make_webhook(tx, wanted=wanted)).webhook_id)

    agency, _ = await token()
    shown = await webhook()

    def asked(path: dict[str, str], body: Any = None) -> Fitting:
        """By the agency, or a coordinator for it."""
        return Fitting(token=agency, also=[coordinator], path=path, body=body)

    async def each(body: Any = None) -> list[Fitting]:
        return [asked({"webhook_id": await webhook()}, body) for _ in range(EVERY)]

    one = "/notify/api/v1/webhooks/{webhook_id}"
    wanted = {"agency": "skat", "url": NOBODY, "owner_email": "drift@example.org"}
    return {
        "GET /api/v1/events": [Fitting(token=agency, query={"limit": "10"})],
        "POST /notify/api/v1/agency-tokens": [Fitting(token=coordinator, body={"agency": "skat"})],
        "GET /notify/api/v1/agency-tokens": [Fitting(token=coordinator)],
        "DELETE /notify/api/v1/agency-tokens/{token_id}": [
            Fitting(token=coordinator, path={"token_id": (await token())[1]}) for _ in range(EVERY)
        ],
        "POST /notify/api/v1/webhooks": [asked({}, wanted)],
        "GET /notify/api/v1/webhooks": [asked({})],
        f"GET {one}": [asked({"webhook_id": shown})],
        f"PATCH {one}": await each({"language": "en"}),
        f"DELETE {one}": await each(),
        f"POST {one}/pause": await each(),
        f"POST {one}/resume": await each(),
        f"POST {one}/secret": await each({"overlap_hours": 1}),
        f"GET {one}/deliveries": [asked({"webhook_id": shown})],
        f"POST {one}/test": await each(),
        "GET /notify/api/v1/mails": [Fitting(token=coordinator, query={"state": "held"})],
        "POST /notify/api/v1/editions/{edition_id}/mails/release": [
            Fitting(token=coordinator, path={"edition_id": str(story.edition_id)})
        ],
    }


async def evaluation(rig: Rig) -> Scene:
    """An edition of completed stays, with evaluations asked for."""
    rig.clock.instant = AFTER_THE_STAY
    world = World()
    stays = [world.completed() for _ in range(2 * EVERY)]
    people = [world.registered(stay.intern_id) for stay in stays]
    await rig.tell(world.edition(), *people, *stays)
    fitting = []
    for stay in stays:
        asked = evaluation_id(stay, "intern", "after")
        token = await link_for(rig, evaluation=asked, participant_id=stay.intern_id)
        body = {"answers": answers("intern", "after")}
        fitting.append(Fitting(path={"evaluation_id": str(asked)}, token=token, body=body))
    edition_ = {"edition_id": str(world.edition_id)}
    coordinator = rig.coordinator()
    return {
        "GET /evaluation/api/v1/question-sets/{version}": [Fitting(path={"version": "1"})],
        "GET /evaluation/api/v1/evaluations/{evaluation_id}": [
            replace(one, body=None) for one in fitting[EVERY:]
        ],
        "POST /evaluation/api/v1/evaluations/{evaluation_id}/answers": fitting[:EVERY],
        "POST /evaluation/api/v1/editions/{edition_id}/report": [Fitting(path=edition_, token=coordinator)],
        "GET /evaluation/api/v1/editions/{edition_id}/report": [Fitting(path=edition_)],
        "GET /evaluation/api/v1/editions/{edition_id}/comments": [Fitting(path=edition_, token=coordinator)],
    }
