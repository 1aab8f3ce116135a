"""The engine's advice, given beside the service: a child process reads one question and a puzzle, answers as JSON, and is gone.

The first line of the input is the question (`ask` and what belongs to it), the second the puzzle; the answer is one JSON value.
Invariant: nothing here knows the database or the web, so a question changes nothing. `asking` starts it and holds the bounds.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from ipraktik_matching.child import Teller
from ipraktik_matching.puzzle import Puzzle, from_json

Question = Mapping[str, Any]


def hosts(puzzle: Puzzle, question: Question) -> list[dict[str, Any]]:
    """Which kinds of host to look for, the best first."""
    from ipraktik_matching.puzzle.advice import hosts_to_look_for

    return [asdict(one) for one in hosts_to_look_for(puzzle, question["sectors"])]


def ways(puzzle: Puzzle, question: Question) -> dict[str, Any]:
    """The three ways in for somebody who comes late."""
    from ipraktik_matching.puzzle.latecomer import ways_in

    return asdict(ways_in(puzzle, question["where"], question["intern"]))


def what_if(puzzle: Puzzle, question: Question) -> dict[str, Any]:
    """The plan of a changed puzzle beside the plan there is."""
    from ipraktik_matching.web.board.supposing import compared

    return compared(puzzle, question)


def fair(puzzle: Puzzle, question: Question) -> dict[str, Any] | None:
    """How high the one with fewest points could be with as many placed, and the proof's word; None where nobody is to be compared."""
    from ipraktik_matching.web.board.lowest import weighed

    return weighed(puzzle, question)


ASKS: Final[Mapping[str, Callable[[Puzzle, Question], Any]]] = {
    "hosts": hosts,
    "ways": ways,
    "what_if": what_if,
    "fair": fair,
}


def answered(text: str) -> str:
    """The answer to a question and its puzzle."""
    asked, _, puzzle = text.partition("\n")
    question = json.loads(asked)
    return json.dumps(ASKS[question["ask"]](from_json(puzzle), question))


def main() -> None:
    """Answer what standard input asks; gone with the service that asked, whatever ends it."""
    teller = Teller()
    try:
        sys.stdout.write(answered(sys.stdin.buffer.read().decode()))
    finally:
        teller.end()


if __name__ == "__main__":
    main()
