"""The solver as a process: files or pipes in and out, sentences and exit codes, cheap to import."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from matching.puzzle.puzzles import edition, host, intern, puzzle

from ipraktik_matching.puzzle import (
    Days,
    Puzzle,
    Wishes,
    __main__,
    from_json,
    limits,
    plan_from_json,
    plan_to_json,
    solve,
    solving,
    to_json,
)
from ipraktik_matching.puzzle.program import SolverError


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command, in a process of its own."""
    command = [sys.executable, "-m", "ipraktik_matching.puzzle", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False, timeout=60)


def test_files_in_and_out(tmp_path: Path) -> None:
    whole = edition(60)
    (tmp_path / "puzzle.json").write_text(to_json(whole), encoding="utf-8")
    ended = run("solve", str(tmp_path / "puzzle.json"), "--out", str(tmp_path / "plan.json"))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
    assert (tmp_path / "plan.json").read_text(encoding="utf-8") == plan_to_json(solve(whole))


def test_pipes_in_and_out_carry_nothing_but_the_plan() -> None:
    whole = edition(142, hosts=0.3)
    ended = run("solve", "-", "--out", "-", given=to_json(whole).encode())
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert plan_from_json(ended.stdout) == solve(from_json(to_json(whole)))


def test_a_wrong_puzzle_ends_with_all_its_problems() -> None:
    values = json.loads(to_json(puzzle(intern("a"), host("h"))))
    values["hosts"][0]["capacity"] = 9
    values["interns"][0]["lot"] = "-"
    ended = run("solve", "-", given=json.dumps(values).encode())
    assert (ended.returncode, ended.stdout) == (3, b"")
    assert len(ended.stderr.decode().splitlines()) == 2


def test_a_puzzle_that_is_not_there_ends_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert __main__.main(["solve", str(tmp_path / "nowhere.json")]) == 3
    assert "cannot be read" in capsys.readouterr().err


def test_a_puzzle_that_is_too_large_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(__main__, "MOST_BYTES", 1024 * 1024)
    (tmp_path / "puzzle.json").write_bytes(b" " * (1024 * 1024 + 1))
    assert __main__.main(["solve", str(tmp_path / "puzzle.json")]) == 3
    assert (
        capsys.readouterr().err
        == f"The file {tmp_path / 'puzzle.json'} is larger than 1 MiB; no edition is that large.\n"
    )


def test_more_than_a_puzzle_may_hold_is_refused_in_one_sentence_that_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = puzzle(*(intern(f"i{one}") for one in range(4)), host("h"), host("k"))
    (tmp_path / "puzzle.json").write_text(to_json(crowd))
    columns = "id,organisation,unit,field,sector\n"
    for name, rows in (("interns", 4), ("hosts", 2)):
        lines = (f"{name}{one},o{one},u{one},law,state\n" for one in range(rows))
        (tmp_path / f"{name}.csv").write_text(columns + "".join(lines))
    tables = [f"--{name}={tmp_path / name}.csv" for name in ("interns", "hosts")]
    dates = "--dates=2018-09-10/2018-09-14"
    commands = (["check", str(tmp_path / "puzzle.json")], ["import", *tables, dates, "--out", "-"])
    for name, most, enough in (("MOST_CELLS", 7, 8), ("MOST_ROWS", 5, 6)):
        with monkeypatch.context() as patched:
            patched.setattr(limits, name, enough)
            assert [__main__.main(one) for one in commands] == [0, 0]
            capsys.readouterr()
            patched.setattr(limits, name, most)
            for command in commands:
                assert __main__.main(command) == 3
                (sentence,) = capsys.readouterr().err.splitlines()
                assert sentence.startswith("There are 4 interns and 2 hosts, too many for one puzzle")
                assert str(most) in sentence
                assert "split the edition into several" in sentence


def test_a_machine_with_too_little_memory_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object, **__: object) -> None:
        raise MemoryError

    (tmp_path / "puzzle.json").write_text(to_json(puzzle(intern("a"), host("h"))))
    monkeypatch.setattr(__main__, "solve", no_room)
    assert __main__.main(["solve", str(tmp_path / "puzzle.json")]) == 4
    assert capsys.readouterr().err.startswith("There is not enough memory")


def test_a_plan_that_cannot_be_written_ends_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "puzzle.json").write_text(to_json(puzzle(intern("a"), host("h"))), encoding="utf-8")
    code = __main__.main(
        ["solve", str(tmp_path / "puzzle.json"), "--out", str(tmp_path / "no" / "plan.json")]
    )
    assert code == 5
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("failing", ["check", "solver"])
def test_no_plan_is_written_when_there_is_none_to_trust(
    failing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_puzzle: Puzzle, *, nodes: int) -> None:
        raise SolverError(f"HiGHS failed within {nodes} nodes.")

    if failing == "check":
        monkeypatch.setattr(solving, "check", lambda _puzzle, _plan: ["Intern a has the wrong host."])
    else:
        monkeypatch.setattr(__main__, "solve", broken)
    (tmp_path / "puzzle.json").write_text(to_json(puzzle(intern("a"), host("h"))), encoding="utf-8")
    code = __main__.main(["solve", str(tmp_path / "puzzle.json"), "--out", str(tmp_path / "plan.json")])
    assert code == 4
    assert capsys.readouterr().err
    assert not (tmp_path / "plan.json").exists()


def test_a_generated_puzzle_is_solved_and_its_plan_checked(tmp_path: Path) -> None:
    given, found = tmp_path / "puzzle.json", tmp_path / "plan.json"
    assert (
        __main__.main(["generate", "--participants", "60", "--scarce", "--seed", "3", "--out", str(given)])
        == 0
    )
    assert from_json(given.read_bytes()) == from_json(to_json(edition(60, hosts=0.3, seed=3)))
    assert __main__.main(["solve", str(given), "--out", str(found)]) == 0
    ended = run("check", str(given), str(found))
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.decode().splitlines()[-1].startswith("The plan keeps the rules. It places ")


def test_a_plan_that_was_tampered_with_does_not_stand(tmp_path: Path) -> None:
    whole = edition(60)
    plan = json.loads(plan_to_json(solve(whole)))
    plan["certificate"]["best"] -= 10
    (tmp_path / "puzzle.json").write_text(to_json(whole), encoding="utf-8")
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    ended = run("check", str(tmp_path / "puzzle.json"), str(tmp_path / "plan.json"))
    assert ended.returncode == 4
    assert "The certificate says that fit never exceeds" in ended.stderr.decode()


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """What the command answers, line by line."""
    assert __main__.main(list(arguments)) == 0
    return capsys.readouterr().out.splitlines()


def test_questions_about_a_plan_are_answered_in_sentences_or_as_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crowd = puzzle(intern("a"), intern("b"), intern("c", days=Days(5, 5)), host("h"), host("k"))
    whole = replace(
        crowd, hosts=(*crowd.hosts, host("late", days=Days(4, 4))), pinned=(("a", "h"), ("b", "k"))
    )
    files = [str(tmp_path / "puzzle.json"), str(tmp_path / "plan.json")]
    (tmp_path / "puzzle.json").write_text(to_json(whole), encoding="utf-8")
    (tmp_path / "plan.json").write_text(plan_to_json(solve(whole)), encoding="utf-8")
    first, second = asked(capsys, "why", *files, "a")
    assert first.startswith("a is at h with 800 points: field 260, sector 110,")
    assert second == "A coordinator wants them there."
    assert asked(capsys, "why", *files, "c") == [
        "c is left: no_free_place.",
        "  Giving up days (4 to 6): at late with 800 points; +1 placed and +800 points in all; who moves: nobody else.",
    ]
    (data,) = (json.loads(one) for one in asked(capsys, "why", *files, "c", "--json"))
    assert data[0]["helps"][0]["there"]["host_id"] == "late"
    assert asked(capsys, "why", *files, "c", "--host", "late") == ["At late: no plan allows it."]
    assert asked(capsys, "advice", *files)[:2] == asked(capsys, "why", *files, "c")
    assert asked(capsys, "insert", *files, "c") == [
        "Nobody moves: no.",
        "One person moves: no.",
        "Laid anew: no.",
    ]


def test_a_puzzle_is_weighed_as_a_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = intern("a", wishes=Wishes(fields=("law",)))
    crowd = puzzle(a, intern("b"), host("h", field="law"), host("k", capacity=2), drafts=(("a", "k"),))
    other = puzzle(host("new", field="law"))
    files = [str(tmp_path / "puzzle.json"), str(tmp_path / "plan.json")]
    (tmp_path / "puzzle.json").write_text(to_json(crowd), encoding="utf-8")
    (tmp_path / "other.json").write_text(to_json(other), encoding="utf-8")
    (tmp_path / "plan.json").write_text(plan_to_json(solve(crowd)), encoding="utf-8")
    assert asked(capsys, "fair", *files) == [
        "Nobody can be above 800 without placing fewer.",
        "The plan as it is has somebody at 800; the one that has nobody below 800 fits +0 points in all.",
        "Nobody could have more anywhere.",
        "Both plans and the proof were checked apart from the search.",
    ]
    assert asked(capsys, "together", *files) == ["No host receives more than one party."]
    gone = asked(capsys, "what-if", *files, "--remove", "h", "--add", str(tmp_path / "other.json"))
    assert gone[0] == "+0 persons with a place and +0 points, by the weights as they are."
    assert gone[1:] == ["  a: from h to new"]
    fewer = asked(capsys, "what-if", *files, "--remove", "h", "--seats", "k=1", "--weight", "area=0")
    assert fewer[0].startswith("-1 persons with a place")
    assert asked(capsys, "stability", *files)[0] == (
        "Keeping people where they are costs 0 points and no place; 1 with a proposal move instead of 1."
    )
    (data,) = (json.loads(one) for one in asked(capsys, "stability", *files, "--json"))
    assert plan_from_json(json.dumps(data["plan"])) == solve(crowd)


def test_the_plan_with_common_weeks_is_written_and_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crowd = puzzle(intern("a"), intern("b"), host("h", capacity=2))
    files = [str(tmp_path / "puzzle.json"), str(tmp_path / "plan.json")]
    (tmp_path / "puzzle.json").write_text(to_json(crowd), encoding="utf-8")
    (tmp_path / "plan.json").write_text(plan_to_json(solve(crowd)), encoding="utf-8")
    assert asked(capsys, "together", *files, "--out", files[1]) == [
        "h: week of 2018-09-10, a, b with 5 days in common."
    ]
    assert asked(capsys, "check", *files)[-1].startswith("The plan keeps the rules.")


@pytest.mark.parametrize(
    ("question", "code", "said"),
    [
        (["why", "nobody"], 3, "The puzzle has no intern nobody."),
        (["why", "a", "--host", "x"], 3, "The puzzle has no host x."),
        (["insert", "b"], 3, "Intern b travels with a companion"),
        (["why", "a"], 4, "The plan belongs to another puzzle"),
        (["fair"], 4, "The plan belongs to another puzzle"),
        (["what-if", "--seats", "h=many"], 3, "'h=many' is not a name, = and a whole number."),
        (["what-if", "--remove", "x"], 3, "There is no host x to change."),
        (["what-if", "--weight", "luck=1"], 3, "Policy: 'luck' is no part of the fit"),
        (["together", "--out", "/nowhere/at/all.json"], 3, "The plan with the common weeks is not written."),
    ],
)
def test_a_question_that_cannot_be_answered_ends_with_a_sentence(
    question: list[str], code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = puzzle(intern("a"), intern("b", companion_id="c"), intern("c", companion_id="b"), host("h"))
    plan = solve(replace(whole, pinned=(("a", "h"),)) if code == 4 else whole)
    (tmp_path / "puzzle.json").write_text(to_json(whole), encoding="utf-8")
    (tmp_path / "plan.json").write_text(plan_to_json(plan), encoding="utf-8")
    name, *rest = question
    assert __main__.main([name, str(tmp_path / "puzzle.json"), str(tmp_path / "plan.json"), *rest]) == code
    assert said in capsys.readouterr().err


def test_a_plan_that_could_be_better_explains_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = puzzle(
        *(
            intern(one, field="it", wishes=Wishes(fields=(field,)))
            for one, field in (("a", "law"), ("b", "hr"), ("c", "it"))
        ),
        *(host(one, field=field) for one, field in (("l", "law"), ("p", "hr"))),
    )
    best = json.loads(plan_to_json(solve(whole)))
    first, second = best["placements"]
    first["host_id"], second["host_id"] = second["host_id"], first["host_id"]
    (tmp_path / "puzzle.json").write_text(to_json(whole), encoding="utf-8")
    (tmp_path / "plan.json").write_text(json.dumps(best), encoding="utf-8")
    assert (
        __main__.main(["why", str(tmp_path / "puzzle.json"), str(tmp_path / "plan.json"), "c", "--host", "l"])
        == 4
    )
    assert "The plan is not the best of its puzzle; solve it again." in capsys.readouterr().err


def test_a_puzzle_is_imported_from_spreadsheets(tmp_path: Path) -> None:
    (tmp_path / "interns.csv").write_text(
        "id;organisation;unit;field;sector\na;o1;u1;law;state\n", encoding="utf-8-sig"
    )
    (tmp_path / "hosts.csv").write_text(
        "id,organisation,unit,field,sector,capacity\nh,o2,u2,law,state,2\n", encoding="utf-8"
    )
    ended = run(
        "import",
        "--interns",
        str(tmp_path / "interns.csv"),
        "--hosts",
        str(tmp_path / "hosts.csv"),
        "--dates",
        "2018-09-10/2018-09-14",
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert solve(from_json(ended.stdout)).stats.placed == 1


def test_a_spreadsheet_in_another_encoding_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "interns.csv").write_bytes("id;organisation;unit;field;sector\nå;o;u;f;s\n".encode("latin-1"))
    name = str(tmp_path / "interns.csv")
    ended = run("import", "--interns", name, "--hosts", name, "--dates", "2018-09-10/2018-09-14")
    assert ended.returncode == 3
    assert ended.stderr.decode().splitlines()[0] == "interns: this is not UTF-8; save the file as CSV UTF-8."


@pytest.mark.parametrize("arguments", [[], ["guess"], ["solve"], ["solve", "-", "--nodes", "-1"], ["import"]])
def test_a_wrong_command_ends_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        __main__.main(arguments)
    assert caught.value.code == 2


def test_importing_the_package_loads_neither_numpy_nor_the_solver_nor_the_project() -> None:
    code = (
        "import sys, ipraktik_matching.puzzle;"
        "print([m for m in sys.modules if m.split('.')[0] in ('numpy', 'highspy')"
        " or m.startswith('ipraktik_') and not m.startswith('ipraktik_matching')"
        " or m.startswith('ipraktik_matching.') and not m.startswith('ipraktik_matching.puzzle')])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert ended.stdout.decode().strip() == "[]"


def test_the_generator_forbids_nobody_the_place_that_stands() -> None:
    puzzles = [edition(480, seed=seed, hosts=0.3) for seed in range(12)]
    assert [set(one.fixed) & one.forbidden for one in puzzles] == [set()] * len(puzzles)
