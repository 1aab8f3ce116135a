"""What the process beside the service answers, asked as it asks itself."""

import io
import json
from dataclasses import replace

import pytest
from matching.puzzle.puzzles import host, intern, puzzle

from ipraktik_matching import child
from ipraktik_matching.puzzle import Days, Wishes, plan_to_json, solve, to_json


class Unheard:
    """Takes in stages and tells nobody."""

    def stage(self, name: str) -> None:
        assert name in child.STAGES


def test_beside_a_plan_that_may_not_be_the_best_the_prices_are_asked() -> None:
    stubborn = intern("c", days=Days(5, 5))
    whole = puzzle(
        *(
            intern(one, days=Days(2, 2), wishes=Wishes(fields=(field,)))
            for one, field in (("a", "law"), ("b", "hr"))
        ),
        stubborn,
        *(host(one, field=field, days=Days(2, 2)) for one, field in (("l", "law"), ("p", "hr"), ("q", "hr"))),
    )
    best = solve(whole)
    first, second = best.placements
    worse = replace(
        best,
        placements=(replace(first, host_id=second.host_id), replace(second, host_id=first.host_id)),
        stats=replace(best.stats, fit_proven=False),
    )
    told = json.loads(child.advise(f"{plan_to_json(worse)}\n{to_json(whole)}", Unheard()))  # type: ignore[arg-type]  # all that is asked of it
    assert told["helps"]["c"] == ["days"]


def test_a_puzzle_that_memory_does_not_hold_is_a_complaint_and_no_crash(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_text: str, _teller: object) -> str:
        raise MemoryError

    monkeypatch.setitem(child._ASKED, "solve", no_room)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    assert child.main(["solve"]) == 5
    assert "There is not enough memory for a puzzle of this size" in capsys.readouterr().err
