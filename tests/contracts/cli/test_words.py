"""What a person or the environment says is read strictly, and a mistake is answered with the mend."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from contracts.cli.streams import events

from ipraktik_contracts.cli.choice import choice_of
from ipraktik_contracts.cli.ground import fictional_login
from ipraktik_contracts.cli.login import login_from
from ipraktik_contracts.cli.output import harmless
from ipraktik_contracts.cli.records import Place
from ipraktik_contracts.cli.refusal import CannotDo
from ipraktik_contracts.cli.starts import start_from
from ipraktik_contracts.municipalities import MUNICIPALITIES

PLAIN = {"KAFKA_BOOTSTRAP": "kafka:9092"}
SCRAM = PLAIN | {
    "KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
    "KAFKA_USERNAME": "skat",
    "KAFKA_PASSWORD": "hush",
}


def test_a_broker_and_nothing_else_is_a_plain_login() -> None:
    assert login_from(PLAIN).options() == {
        "bootstrap_servers": "kafka:9092",
        "security_protocol": "PLAINTEXT",
    }


def test_a_login_comes_from_the_environment_and_its_password_is_never_shown() -> None:
    login = login_from(SCRAM)
    assert login.options()["sasl_plain_password"] == "hush"
    assert login.options()["sasl_mechanism"] == "SCRAM-SHA-512"
    assert "hush" not in repr(login)


def test_a_password_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(" hu sh\n")
    environment = {**SCRAM, "KAFKA_PASSWORD": "", "KAFKA_PASSWORD_FILE": str(tmp_path / "password")}
    assert login_from(environment).password == " hu sh"


def test_options_go_before_the_environment() -> None:
    login = login_from(PLAIN | {"TOPIC_NAMESPACE": "t1."}, bootstrap="a:1,b:2", namespace="")
    assert (login.bootstrap, login.namespace) == ("a:1,b:2", "")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "set KAFKA_BOOTSTRAP"),
        ({"KAFKA_BOOTSTRAP": "http://kafka"}, "host:port"),
        (PLAIN | {"TOPIC_NAMESPACE": "a b"}, "TOPIC_NAMESPACE"),
        (PLAIN | {"KAFKA_SECURITY_PROTOCOL": "TLS"}, "it may be PLAINTEXT, SASL_PLAINTEXT, SASL_SSL, SSL"),
        (SCRAM | {"KAFKA_SASL_MECHANISM": "MD5"}, "it may be SCRAM-SHA-512"),
        (SCRAM | {"KAFKA_PASSWORD": ""}, "set KAFKA_USERNAME and KAFKA_PASSWORD"),
        (
            SCRAM | {"KAFKA_PASSWORD": "", "KAFKA_PASSWORD_FILE": "/nowhere/at/all"},
            "KAFKA_PASSWORD_FILE cannot be read",
        ),
        (PLAIN | {"KAFKA_USERNAME": "skat"}, "KAFKA_SECURITY_PROTOCOL is PLAINTEXT"),
    ],
)
def test_a_login_that_cannot_work_is_answered_with_the_mend(
    environment: Mapping[str, str], said: str
) -> None:
    with pytest.raises(CannotDo, match=said):
        login_from(environment)


def test_an_authority_that_cannot_be_read_is_said() -> None:
    login = login_from(PLAIN | {"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CA_FILE": "/nowhere/at/all"})
    with pytest.raises(CannotDo, match="KAFKA_CA_FILE"):
        login.options()


def test_fictional_events_are_never_played_into_the_real_topics() -> None:
    with pytest.raises(CannotDo, match="never played into the real topics"):
        fictional_login(PLAIN, bootstrap=None, namespace="")
    assert fictional_login(PLAIN, bootstrap=None, namespace=None).namespace == "sandbox."
    assert (
        fictional_login(PLAIN | {"TOPIC_NAMESPACE": "t1."}, bootstrap=None, namespace=None).namespace == "t1."
    )


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ([], "start"),
        (["start"], "start"),
        (["now"], "now"),
        (["2027-06-08T12:00:00+02:00"], datetime(2027, 6, 8, 10, tzinfo=UTC)),
        (["a.v1[3]@120", "a.v1[4]@0"], [Place("a.v1", 3, 120), Place("a.v1", 4, 0)]),
    ],
)
def test_a_beginning_is_a_word_an_instant_or_places(words: list[str], start: object) -> None:
    assert start_from(words, now_allowed=True) == start


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["yesterday"], "is no beginning"),
        (["2027-06-08T12:00"], "has no time zone"),
        (["a.v1[3]"], "write it as"),
        (["start", "now"], "write it as"),
        (["a.v1[x]@1"], "write it as"),
    ],
)
def test_a_beginning_that_is_none_is_answered_with_the_form(words: list[str], said: str) -> None:
    with pytest.raises(CannotDo, match=said):
        start_from(words, now_allowed=True)


def test_now_is_no_beginning_of_what_is_written_to_a_file() -> None:
    with pytest.raises(CannotDo, match="write start, an instant"):
        start_from(["now"], now_allowed=False)


def test_types_editions_and_municipalities_hold_together() -> None:
    told = [event.data for event in events(1, 60)]
    edition: Any = told[0]
    code = next(data.workplace.municipality_code for data in told if hasattr(data, "workplace") and data.workplace.municipality_code)  # fmt: skip
    choice = choice_of(
        ["dk.innovationspraktik.ParticipantRegistered.v1"], [str(edition.edition_id)], [MUNICIPALITIES[code]]
    )
    wanted = []
    for data in told:
        choice.learn(data)
        if choice.wants(data):
            wanted.append(data)
    assert wanted
    assert {type(data).__name__ for data in wanted} == {"ParticipantRegistered"}
    assert {data.workplace.municipality_code for data in wanted} == {code}  # type: ignore[attr-defined]
    assert not choice_of([], ["01900000-0000-7000-8000-000000000000"]).wants(edition)


def test_a_placement_lies_where_its_intern_and_its_host_are_and_so_do_its_evaluations() -> None:
    told: list[Any] = [event.data for event in events(1, 60)]
    where = {
        data.participant_id: data.workplace.municipality_code for data in told if hasattr(data, "workplace")
    }
    completed = next(data for data in told if type(data).__name__ == "InternshipCompleted")
    for who in (completed.intern_id, completed.host_id):
        if where[who] is None:
            continue
        choice = choice_of([], [], [where[who]])
        seen = []
        for data in told:
            choice.learn(data)
            if choice.wants(data):
                seen.append(data)
        assert completed in seen
        asked = [data for data in seen if type(data).__name__ == "EvaluationRequested"]
        assert any(data.placement_id == completed.placement_id for data in asked)
        assert not any(hasattr(data, "window") for data in seen)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((["AgreementSign"], [], []), "did you mean AgreementSigned"),
        ((["ContactChanged"], [], []), "no public event"),
        (([], ["37"], []), "it is a UUID"),
        (([], [], ["Odens"]), "did you mean Odense"),
        (([], [], ["9999"]), "There is no municipality"),
        ((["AgreementSigned"] * 101, [], []), "At most 100"),
    ],
)
def test_what_there_is_not_is_answered_with_what_there_is(words: tuple[list[str], ...], said: str) -> None:
    with pytest.raises(CannotDo, match=said):
        choice_of(*words)


def test_a_terminal_obeys_nothing_that_an_event_says() -> None:
    assert harmless("a\x1b[2Jb\r\nc\u202ed\x9be æøå") == "a�[2Jb��c�d�e æøå"
