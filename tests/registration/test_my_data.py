"""A person's data as a file: all that is held about them, and nothing of what others are."""

import json

from registration.desk import Desk, intern


async def test_my_data_is_everything_that_is_held_and_nothing_of_who_wrote_it(desk: Desk) -> None:
    await desk.open_edition()
    body, friend = intern(), intern()
    friend_as_told = {"name": "Min ven Bo", "email": friend["email"]}
    participant_id, friend_id = await desk.register(body), await desk.register(friend)
    asking = intern(companion=friend_as_told)
    await desk.register(asking)
    own = await desk.page("/registration/my-data", await desk.link(participant_id))
    assert own.headers["content-disposition"].endswith('filename="innovationspraktik-registration.json"')
    held = json.loads(own.text)
    assert held["you"]["email"] == body["email"]
    assert held["sign_up"]["details"]["motivation"] == body["motivation"]
    assert [one["act"] for one in held["history"]] == ["confirmed", "consented"]
    text = (await desk.page("/registration/my-data", await desk.link(friend_id))).text
    [written] = json.loads(text)["written_by_others"]
    assert written == {"kind": "companion", "name": "Min ven Bo", "email": friend["email"], "answer": None}
    assert asking["name"] not in text
    manager = json.loads(
        (await desk.page("/registration/my-data", await desk.link(participant_id, "consent"))).text
    )
    assert (manager["you"]["email"], manager["consent"]) == (body["manager"]["email"], True)
    assert "sign_up" not in manager
    assert (await desk.client.get("/registration/my-data")).status_code == 401
