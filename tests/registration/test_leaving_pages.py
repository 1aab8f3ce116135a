"""Taking a sign-up back and deleting it by page: asked once more, acted on by the button."""

import uuid

from registration.desk import Desk, host, intern

from ipraktik_contracts.events import ParticipantErased, ParticipantWithdrawn


def path(participant_id: uuid.UUID, act: str = "") -> str:
    return f"/registration/sign-ups/{participant_id}{act}"


async def test_taking_back_asks_why_and_acts_on_the_button(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host())
    token = await desk.link(participant_id)
    assert "Hvorfor melder du fra?" in (await desk.page(path(participant_id, "/withdraw"), token)).text
    unanswered = await desk.page(path(participant_id, "/withdraw"), token, {})
    assert unanswered.status_code == 422
    assert "<title>Fejl: Meld fra" in unanswered.text
    assert 'href="#reason">Vælg, hvorfor du melder fra' in unanswered.text
    assert (
        await desk.page(path(participant_id, "/withdraw"), token, {"reason": "workplace"})
    ).status_code == 303
    assert "Du har meldt fra" in (await desk.page(path(participant_id, "/withdraw"), token)).text
    assert [one.reason for one in await desk.rig.said(ParticipantWithdrawn)] == ["workplace"]


async def test_deleting_asks_once_more(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host())
    token = await desk.link(participant_id)
    assert "Slet alt" in (await desk.page(path(participant_id, "/erase"), token)).text
    assert (await desk.page(path(participant_id, "/erase"), token, {})).status_code == 422
    assert await desk.rig.said(ParticipantErased) == []
    posted = await desk.page(path(participant_id, "/erase"), token, {"sure": "yes"})
    assert posted.status_code == 303
    assert "er slettet" in (await desk.client.get(posted.headers["location"])).text
    assert len(await desk.rig.said(ParticipantErased)) == 1
    gone = await desk.page(path(participant_id), token)
    assert gone.status_code == 410
    assert "/registration/new-link" in gone.text


async def test_taking_back_twice_from_two_windows_is_once_and_says_so(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(intern())
    token = await desk.link(participant_id)
    for reason in ("new_job", "workplace"):
        sent = await desk.page(path(participant_id, "/withdraw"), token, {"reason": reason})
        assert (sent.status_code, sent.headers["location"]) == (303, path(participant_id, "/withdraw"))
    assert [one.reason for one in await desk.rig.said(ParticipantWithdrawn)] == ["new_job"]
    half = await desk.page(path(participant_id, "/withdraw"), token, {"reason": ""})
    assert (half.status_code, half.headers["location"]) == (303, path(participant_id, "/withdraw"))
    page = await desk.page(path(participant_id), token)
    assert "Du har meldt fra" in page.text
    assert path(participant_id, "/withdraw") not in page.text


async def test_who_deletes_leaves_no_session_behind_and_reads_it_in_the_own_language(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host(language="en"))
    token = await desk.link(participant_id)
    posted = await desk.page(path(participant_id, "/erase"), token, {"sure": "yes"})
    assert "Max-Age=0" in posted.headers["set-cookie"]
    receipt = await desk.client.get(posted.headers["location"])
    assert '<html lang="en">' in receipt.text
    again = await desk.page(path(participant_id, "/erase"), token, {"sure": "yes"})
    assert again.status_code == 410
