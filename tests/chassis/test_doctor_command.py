"""`doctor` as it is typed: what it prints, what it ends with, and what it refuses without quoting it."""

import asyncio
import json
from pathlib import Path

import pytest
from chassis.processes import NOWHERE, command
from chassis.tally import SERVICE
from rig import Rig, link_keys

from ipraktik_chassis.doctor.command import COMMON, doctor

PUBLIC = "https://praktik.example"


async def test_the_command_tells_and_ends_with_the_worst(tally: Rig, tmp_path: Path) -> None:
    key = tmp_path / "public.pem"
    key.write_bytes(link_keys()[1])
    given = {
        "DATABASE_URL": tally.database_url,
        "LINK_PUBLIC_KEY_FILE": str(key),
        "KAFKA_BOOTSTRAP": NOWHERE,
        "ORGANISER_EMAIL": "hej@praktik.example",
        **{f"{name}_PUBLIC_URL": PUBLIC for name in ("REGISTRATION", "MATCHING", "NOTIFY", "EVALUATION")},
    }

    async def told(*arguments: str, **settings: str) -> tuple[int, str, str]:
        done = await asyncio.to_thread(command, "doctor", *arguments, **{**given, **settings})
        return done.returncode, done.stdout, done.stderr

    status, output, errors = await told("--only", "database,backlog,links")
    assert (status, errors) == (0, "")
    assert all(line.startswith("OK    ") for line in output.splitlines())
    assert len(output.splitlines()) == 7
    status, output, _ = await told("--only", "settings", "--json")
    assert status == 1
    found = json.loads(output)
    assert (found["service"], found["level"]) == ("tally", "WARN")
    assert set(found["findings"][0]) == {"check", "level", "says", "do"}
    status, output, errors = await told()
    assert (status, errors) == (2, "")
    assert "FAIL  kafka: 127.0.0.1:1: nobody answers" in output
    status, output, _ = await told(DATABASE_URL="", HTTP_PORT="eighty")
    assert status == 2
    assert [line.split(":")[1] for line in output.splitlines()] == [" DATABASE_URL", " HTTP_PORT"]
    # what is found of several settings at once is a line each too
    status, output, _ = await told(KAFKA_SECURITY_PROTOCOL="SASL_SSL")
    assert status == 2
    assert [line.split(":")[1] for line in output.splitlines()] == [" KAFKA_USERNAME", " KAFKA_PASSWORD"]
    _, output, _ = await told(CLOCK_FILE="now")
    assert output.startswith("FAIL  settings: CLOCK_FILE: it simulates time")
    status, _, errors = await told("--only", "weather")
    assert status == 2
    assert all(group in errors for group in COMMON)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "the file cannot be read"),
        ("KAFKA_SECURITY_PROTOCOL=SASL_SSL\nKAFKA_USERNAME=drift\n", "KAFKA_PASSWORD: needed with"),
        ("KAFKA_SECURITY_PROTOCOL=hemmelig\n", "Input should be"),
    ],
)
def test_an_operators_login_that_is_none_is_refused_without_quoting_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str | None, complaint: str
) -> None:
    file = tmp_path / "operator"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SystemExit) as left:
        doctor(SERVICE, ["--operator", str(file)])
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert complaint in said
    assert "hemmelig" not in said
