"""Secrets may come as files: one way or the other, and what is wrong is said under the file's name without quoting it."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from chassis.tally import TallySettings

from ipraktik_chassis.secret_files import MOST_BYTES, secret_in
from ipraktik_chassis.settings import SettingsWrong, read
from ipraktik_notify.settings import NotifySettings

GOOD = "postgresql://tally:hemmelig@127.0.0.1/tally"
Reading = Callable[..., NotifySettings]


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Reading:
    """Read notify's settings from this environment and no other."""
    for name in NotifySettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def read_from(**environment: object) -> NotifySettings:
        for name, value in environment.items():
            monkeypatch.setenv(name, str(value))
        return read(NotifySettings)

    return read_from


@pytest.fixture
def secret(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """A file with this content."""

    def written(content: str | bytes) -> Path:
        file = tmp_path / f"secret-{len(list(tmp_path.iterdir()))}"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return written


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", GOOD),
        ("MIGRATION_DATABASE_URL", "postgresql://owner:æø@127.0.0.1/tally"),
        ("SMTP_URL", "smtps://bruger:kode@mail.example:465"),
    ],
)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_is_read_from_its_file(
    reading: Reading, secret: Callable[[str], Path], name: str, value: str, end: str
) -> None:
    settings = reading(
        **{"DATABASE_URL": GOOD} if name != "DATABASE_URL" else {}, **{f"{name}_FILE": secret(value + end)}
    )
    assert getattr(settings, name.lower()) == value


def test_every_setting_that_holds_a_secret_has_its_file() -> None:
    fields = {*NotifySettings.model_fields, *TallySettings.model_fields}
    secrets = {name for name in fields if name.endswith(("database_url", "smtp_url", "password"))}
    assert secrets == {"database_url", "migration_database_url", "smtp_url", "kafka_password"}
    assert {f"{name}_file" for name in secrets} <= fields


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "the file is empty"),
        ("  \n", "the file is empty"),
        ("one\ntwo\n", "the file must hold the value and nothing else, in one line"),
        ("x" * 5000, "the file must hold the value and nothing else, in one line"),
        (b"\xff\xfe", "the file holds no text"),
    ],
)
@pytest.mark.parametrize("name", ["DATABASE_URL", "SMTP_URL"])
def test_a_file_that_is_no_secret_is_named_in_one_line(
    reading: Reading, secret: Callable[[str | bytes], Path], name: str, content: str | bytes, complaint: str
) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        reading(
            **{"DATABASE_URL": GOOD} if name != "DATABASE_URL" else {}, **{f"{name}_FILE": secret(content)}
        )
    assert wrong.value.lines == (f"{name}_FILE: {complaint}",)


def test_of_a_file_that_does_not_end_no_more_is_read_than_a_secret_may_hold(tmp_path: Path) -> None:
    endless, refused = tmp_path / "endless", threading.Event()
    os.mkfifo(endless)
    in_time: list[bool] = []

    def feed() -> None:
        with endless.open("wb", buffering=0) as opened:
            opened.write(b"x" * (MOST_BYTES + 1))
            in_time.append(refused.wait(5))

    feeding = threading.Thread(target=feed)
    feeding.start()
    with pytest.raises(ValueError, match="in one line"):
        secret_in(endless)
    refused.set()
    feeding.join()
    assert in_time == [True]


def test_a_file_that_is_not_there_is_named(reading: Reading) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        reading(DATABASE_URL_FILE="/nowhere/to/be/found")
    assert wrong.value.lines == ("DATABASE_URL_FILE: the file cannot be read: No such file or directory",)


def test_both_a_secret_and_its_file_are_refused(reading: Reading, secret: Callable[[str], Path]) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        reading(DATABASE_URL=GOOD, DATABASE_URL_FILE=secret(GOOD), HTTP_PORT="x")
    assert len(wrong.value.lines) == 2
    assert "DATABASE_URL_FILE: set this or DATABASE_URL, not both" in wrong.value.lines
    assert "hemmelig" not in str(wrong.value)


def test_neither_names_both_ways(reading: Reading) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        reading()
    assert wrong.value.lines == ("DATABASE_URL: needed, or DATABASE_URL_FILE",)


def test_what_the_file_holds_is_checked_like_the_setting_itself(
    reading: Reading, secret: Callable[[str], Path]
) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        reading(DATABASE_URL=GOOD, SMTP_URL_FILE=secret("mail.example:25"))
    (line,) = wrong.value.lines
    assert line.startswith("SMTP_URL: ")
    assert "mail.example" not in line
