"""Only jars with the listed content are ever started."""

import hashlib
import shutil
import threading
from pathlib import Path

import pytest

from ipraktik_local import kafka_jars
from ipraktik_local.kafka_jars import (
    KAFKA_VERSION,
    Jar,
    KafkaJarsDamaged,
    kafka_classpath,
    listed_jars,
    wrong_jars,
)


def a_jar(content: bytes = b"indhold", *, artifact: str = "proeve") -> Jar:
    return Jar(
        group="dk.eksempel", artifact=artifact, version="1.0", sha256=hashlib.sha256(content).hexdigest()
    )


class Repository:
    """A Maven folder of one's own, which is asked before the network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def offer(self, jar: Jar, content: bytes) -> None:
        place = self.folder.joinpath(*jar.group.split("."), jar.artifact, jar.version)
        place.mkdir(parents=True, exist_ok=True)
        (place / jar.filename).write_bytes(content)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("M2_REPO", str(tmp_path / "m2"))
    return Repository(tmp_path / "m2")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the network was asked for; it always sends the wrong file."""
    asked: list[str] = []
    obtain = kafka_jars._obtain

    def from_network(scratch: Path, local: Path | None, jar: Jar) -> Path | None:
        if local is not None:
            return obtain(scratch, local, jar)
        asked.append(jar.filename)
        (scratch / jar.filename).write_bytes(b"noget andet")
        return scratch / jar.filename

    monkeypatch.setattr(kafka_jars, "_obtain", from_network)
    return asked


def test_a_missing_jar_is_fetched_and_checked(tmp_path: Path, repository: Repository) -> None:
    jar = a_jar()
    repository.offer(jar, b"indhold")

    classpath = kafka_classpath(tmp_path / "cache", [jar])

    assert Path(classpath).read_bytes() == b"indhold"


def test_a_jar_that_was_changed_on_disk_is_fetched_again(tmp_path: Path, repository: Repository) -> None:
    jar = a_jar()
    repository.offer(jar, b"indhold")
    file = Path(kafka_classpath(tmp_path / "cache", [jar]))
    file.write_bytes(b"indhold med mere")

    kafka_classpath(tmp_path / "cache", [jar])

    assert file.read_bytes() == b"indhold"


def test_a_jar_that_is_wrong_at_its_source_is_refused_by_name(
    tmp_path: Path, repository: Repository, no_network: list[str]
) -> None:
    jar = a_jar()
    repository.offer(jar, b"forkert")

    with pytest.raises(KafkaJarsDamaged, match=r"proeve-1\.0\.jar"):
        kafka_classpath(tmp_path / "cache", [jar])

    assert no_network == ["proeve-1.0.jar"]  # once, after the own folder had the wrong one
    assert not (tmp_path / "cache" / f"kafka-{KAFKA_VERSION}" / jar.filename).exists()


def test_two_that_start_at_once_fetch_once(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    jars = [a_jar(bytes([n]), artifact=f"del{n}") for n in range(5)]
    for n, jar in enumerate(jars):
        repository.offer(jar, bytes([n]))
    fetched: list[str] = []
    fetch_one = kafka_jars._fetch_one

    def counting(folder: Path, scratch: Path, jar: Jar) -> str | None:
        fetched.append(jar.filename)
        return fetch_one(folder, scratch, jar)

    monkeypatch.setattr(kafka_jars, "_fetch_one", counting)
    both = [threading.Thread(target=kafka_classpath, args=(tmp_path / "cache", jars)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)

    assert sorted(fetched) == [jar.filename for jar in jars]


def test_the_listed_distribution_is_the_version_that_we_name_and_is_checked_file_by_file(
    tmp_path: Path,
) -> None:
    jars = listed_jars()
    assert f"kafka_2.13-{KAFKA_VERSION}.jar" in [jar.filename for jar in jars]
    assert len({jar.filename for jar in jars}) == len(jars)
    files = kafka_classpath().split(":")
    for file in files[:2]:
        shutil.copy(file, tmp_path)
    (tmp_path / Path(files[0]).name).write_bytes(b"")

    assert jars[0] in wrong_jars(tmp_path, jars)
    assert jars[1] not in wrong_jars(tmp_path, jars)
