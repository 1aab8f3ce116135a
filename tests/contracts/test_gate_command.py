"""The gate as a command: it passes as committed, names what an edit would break, and freezes a version once and whole."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ipraktik_contracts.gate.__main__ import main
from ipraktik_contracts.gate.checking import SUMS, altered, released_contracts
from ipraktik_contracts.publish import ROOT, documents, write
from ipraktik_contracts.version import VERSION

EVENTS = "ipraktik_contracts/events/placements.py"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A contracts folder of the test's own, with today's documents and nothing released."""
    for name in ("README.md", "CHANGELOG.md", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    write(tmp_path, documents())
    return tmp_path


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A copy of the whole package with what is released, to edit and run."""
    leave = shutil.ignore_patterns("__pycache__", "kit", "site", "node_modules", "cli")
    shutil.copytree(ROOT, tmp_path / "contracts", ignore=leave)
    return tmp_path / "contracts"


def gate_of(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); sys.argv[1:] = []\n"
         "from ipraktik_contracts.gate.__main__ import main; sys.exit(main())"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip


def edit(folder: Path, path: str, old: str, new: str) -> None:
    file = folder / path
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_is_committed_keeps_every_promise(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0, capsys.readouterr().out
    assert "keeps every promise of" in capsys.readouterr().out


def test_an_edit_that_breaks_readers_fails_with_a_sentence(edited: Path) -> None:
    edit(
        edited,
        EVENTS,
        'origin: Literal["matched", "host_in_mind", "self_found"]',
        'origin: Literal["matched", "self_found", "drawn"]',
    )
    ended = gate_of(edited)
    assert ended.returncode == 1, ended.stderr
    assert 'MatchProposed.origin: readers do not know the value "drawn" [enum-value-added, ' in ended.stdout
    assert (
        'MatchProposed.origin: the value "host_in_mind" is gone from the list [enum-value-removed, '
        in ended.stdout
    )
    readme = (edited / "README.md").read_text(encoding="utf-8")
    [quoted] = [part for part in readme.split("\n\n") if part.startswith("> MatchProposed.origin: ")]
    assert " ".join(line.removeprefix("> ") for line in quoted.splitlines()) in ended.stdout


def test_a_field_more_passes_once_the_version_is_raised(edited: Path) -> None:
    edit(
        edited,
        EVENTS,
        "    both: bool = Field(",
        '    quick: bool = Field(default=False, description="Within a day.")\n    both: bool = Field(',
    )
    edit(
        edited,
        "ipraktik_contracts/classification.py",
        '"both": "course"}',
        '"both": "course", "quick": "course"}',
    )
    ended = gate_of(edited)
    assert ended.returncode == 1
    assert "VERSION: " in ended.stdout
    edit(edited, "ipraktik_contracts/version.py", f'"{VERSION}"', '"1.99.0"')
    ended = gate_of(edited)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_release_freezes_everything_that_is_promised_once(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--into", str(checkout)]) == 0
    assert "nothing is promised" in capsys.readouterr().out
    assert main(["release", "--into", str(checkout)]) == 0
    frozen = checkout / "released" / VERSION
    for folder in ("schemas", "examples"):
        for file in (checkout / folder).rglob("*.json"):
            assert (frozen / file.relative_to(checkout)).read_bytes() == file.read_bytes()
    assert (frozen / "registry.json").read_bytes() == (checkout / "registry.json").read_bytes()
    assert list(released_contracts(checkout / "released")) == [VERSION]
    assert altered(checkout / "released") == []
    assert main(["--into", str(checkout)]) == 0
    assert main(["release", "--into", str(checkout)]) == 2
    assert f"{VERSION} is released already" in capsys.readouterr().err


def test_no_release_without_a_word_in_the_changelog(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changelog = checkout / "CHANGELOG.md"
    changelog.write_text(f"# Changes\n\n## {VERSION}\nSoon.\n\n## 0.1.0\n- Something.\n", encoding="utf-8")
    assert main(["release", "--into", str(checkout)]) == 2
    assert f"CHANGELOG.md says nothing of {VERSION}" in capsys.readouterr().err
    assert not (checkout / "released").exists()


def test_no_release_of_what_is_stale(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "examples" / "MatchProposed.v1.json").write_text("{}", encoding="utf-8")
    assert main(["release", "--into", str(checkout)]) == 2
    assert "examples/MatchProposed.v1.json and 0 more are stale" in capsys.readouterr().err


def test_no_release_against_a_promise_or_below_what_is_released(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["release", "--into", str(checkout)]) == 0
    (checkout / "released" / VERSION).rename(checkout / "released" / "99.0.0")
    registry = checkout / "released" / "99.0.0" / "registry.json"
    registry.write_text(registry.read_text().replace(f'"version": "{VERSION}"', '"version": "99.0.0"'))
    assert main(["release", "--into", str(checkout)]) == 2
    assert "is lower than what is released" in capsys.readouterr().err


def test_a_released_version_that_was_touched_is_named(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["release", "--into", str(checkout)]) == 0
    touched = checkout / "released" / VERSION / "examples" / "MatchAccepted.v1.json"
    touched.write_text(touched.read_text().replace('"both": true', '"both": false'))
    assert main(["--into", str(checkout)]) == 1
    assert (
        f"released/{VERSION}: its files are not those that were frozen [released-altered"
        in capsys.readouterr().out
    )
    sums = touched.parents[1] / SUMS
    assert len(sums.read_text().splitlines()) == len(list(touched.parents[1].rglob("*.json")))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "registry.json").unlink(), "registry.json is missing"),
        (lambda folder: (folder / "registry.json").write_text("{"), "it does not read"),
        (lambda folder: (folder / "schemas" / "MatchAccepted.v1.json").unlink(), "different types"),
        (lambda folder: folder.rename(folder.with_name("next")), "named after its version"),
        (lambda folder: folder.rename(folder.with_name("9.9.9")), f"it says that it is {VERSION}"),
    ],
)
def test_a_released_folder_that_is_no_contract_is_not_passed_over(
    checkout: Path, capsys: pytest.CaptureFixture[str], spoil: object, words: str
) -> None:
    assert main(["release", "--into", str(checkout)]) == 0
    assert callable(spoil)
    spoil(checkout / "released" / VERSION)
    assert main(["--into", str(checkout)]) == 2
    assert words in capsys.readouterr().err


def test_outside_a_checkout_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for act in ("check", "release"):
        assert main([act, "--into", str(tmp_path)]) == 2
        assert "--into" in capsys.readouterr().err


def test_the_newest_release_is_in_the_package_as_it_was_written() -> None:
    newest = list(released_contracts())[-1]
    told = json.loads((ROOT / "released" / newest / "registry.json").read_text(encoding="utf-8"))
    assert told["version"] == newest
    assert altered() == []
