"""Rights as data: they follow the topics and the registry, and are what the services really listen to and say."""

import importlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from rig import link_keys

from ipraktik_chassis.composition import imported, open_context
from ipraktik_chassis.settings import load
from ipraktik_contracts import rights
from ipraktik_contracts.registry import EVENT_CLASSES
from ipraktik_contracts.rights import AGENCY_PREFIX, SERVICES, BadAgencyName, Grant, of_agency, written_by
from ipraktik_contracts.topics import (
    BY_NAME,
    CONTACTS,
    EVALUATIONS,
    PARTICIPANTS,
    PLACEMENTS,
    REQUESTS,
    TOPICS,
    TopicDeclaration,
)
from ipraktik_local import environment


@pytest.mark.parametrize("name", environment.SERVICES)
def test_a_service_may_read_what_it_subscribes_to_and_nothing_else(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for half, pem in zip(("PRIVATE", "PUBLIC"), link_keys(), strict=True):
        (tmp_path / half).write_bytes(pem)
        monkeypatch.setenv(f"LINK_{half}_KEY_FILE", str(tmp_path / half))
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    service = importlib.import_module(f"ipraktik_{name}.main").SERVICE
    work = imported(service.work)(open_context(service, load(service.settings)))

    assert {topic.name for topic in SERVICES[name].reads} == set(work.subscriptions.topics)
    assert SERVICES[name].group == service.name


def test_a_service_may_write_the_topics_of_the_events_it_owns_and_nothing_else() -> None:
    assert {name: its.writes for name, its in SERVICES.items()} == {
        "registration": (CONTACTS, REQUESTS, PARTICIPANTS),
        "matching": (PLACEMENTS,),
        "notify": (),
        "evaluation": (EVALUATIONS,),
    }
    for event in EVENT_CLASSES:
        assert BY_NAME[event.TOPIC] in SERVICES[event.OWNER].writes


def test_every_service_has_rights_and_nobody_else() -> None:
    assert set(SERVICES) == set(environment.SERVICES)
    assert written_by("skat") == ()


def test_no_topic_is_written_by_two_services() -> None:
    """Order per key is one writer's promise; a second one would have to be thought through."""
    written = [topic.name for its in SERVICES.values() for topic in its.writes]
    assert sorted(written) == sorted(BY_NAME)


def test_an_agency_reads_the_public_topics_in_its_own_groups_within_a_quota_and_that_is_all() -> None:
    its = of_agency("skat")
    assert its.grants("t1.") == (
        Grant("topic", "t1.innovationspraktik.participants.v1", "read"),
        Grant("topic", "t1.innovationspraktik.placements.v1", "read"),
        Grant("topic", "t1.innovationspraktik.evaluations.v1", "read"),
        Grant("group", "t1.agency.skat.", "read", prefixed=True),
    )
    assert its.user_in("t1.") == "t1.agency.skat"
    assert its.quota == rights.AGENCY_QUOTA


def test_internal_topics_are_for_those_who_need_them() -> None:
    readers = {
        topic.name: {name for name, its in SERVICES.items() if topic in its.reads}
        for topic in (CONTACTS, REQUESTS)
    }
    assert readers == {CONTACTS.name: {"matching", "notify", "evaluation"}, REQUESTS.name: {"notify"}}
    assert all(topic.public for topic in rights.PUBLIC)


def test_only_an_agencys_groups_are_open_ended_and_no_agency_reaches_into_anothers() -> None:
    assert not any(grant.prefixed for its in SERVICES.values() for grant in its.grants())
    assert not of_agency("skat-2").group.startswith(of_agency("skat").group)
    assert not any(name.startswith(AGENCY_PREFIX) for name in SERVICES)


@pytest.mark.parametrize("name", ["skat", "k", "sundheds-data", "a" * 30, "kl2"])
def test_a_name_that_fits_everywhere_is_taken(name: str) -> None:
    assert of_agency(name).user == f"agency.{name}"


@pytest.mark.parametrize(
    "name", ["", "SKAT", "skat.", "2skat", "-skat", "skat-", "å", "a" * 31, "skat\n", "a b", "*", "../skat"]
)
def test_another_name_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(BadAgencyName, match="small letters"):
        of_agency(name)


def test_the_operators_page_shows_these_rights() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations" / "install.md").read_text("utf-8")
    for name, its in SERVICES.items():
        reads = "all five" if its.reads == TOPICS else _short(its.reads)
        assert f"| {name} | {reads} | {_short(its.writes)} | `{its.group}` |" in page
    its = of_agency("skat")
    row = f"| {_short(its.reads)} | {_short(its.writes)} | all that begin with `{its.group}` |"
    assert f"| an agency, such as `{its.user}` {row}" in page


def _short(topics: Sequence[TopicDeclaration]) -> str:
    """As the page names them, in the order in which the topics are declared."""
    return ", ".join(topic.name.split(".")[-2] for topic in TOPICS if topic in topics) or "nothing"
