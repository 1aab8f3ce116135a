"""The course of a check: part after part is played, with a lull after each, and the subscriber is watched, and killed where it is ours.

It is killed only in lulls, when it has shown everything, and in the moment in which it has committed what it has not shown. A subscriber
that commits after its transaction can lose nothing by either.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from ...counted import counted
from .. import output
from ..lives.hostile import Play
from ..playing import Played, Player
from .subject import Subject
from .verdict import Verdict, verdict_of
from .watching import Watch

_KILLS_ON_SUSPICION: Final = 2


class Course:
    """One check."""

    def __init__(self, watch: Watch, player: Player, subject: Subject | None) -> None:
        self._watch = watch
        self._player = player
        self._subject = subject
        self._suspected = 0
        self._lost: set[UUID] = set()

    async def run(self, plays: Sequence[Play], *, parts: int, earlier: frozenset[UUID]) -> Verdict:
        """The verdict."""
        if self._subject is not None:
            await self._subject.start()
        played: list[Played] = []
        reached = True
        length = max(-(-len(plays) // parts), 1)
        for begin in range(0, len(plays), length):
            part = await self._player.play(plays[begin : begin + length])
            played += part
            self._watch.expect(part)
            reached = await self._watch.to_the_end(interrupt=self._interrupt)
            if not reached:
                break
            output.note(f"part {begin // length + 1}: {counted(len(part), 'record', 'records')} read")
            if self._subject is not None and begin + length < len(plays):
                await self._subject.crash_and_return()
        return self._verdict(played, earlier, reached=reached)

    async def _interrupt(self) -> bool:
        """Kill it in the moment in which it has committed what it has not shown; give up where it has ended by itself."""
        if self._subject is None:
            return False
        if self._subject.ended:
            return True
        if self._watch.suspects and self._suspected < _KILLS_ON_SUSPICION:
            self._suspected += 1
            await self._subject.kill()
            await self._watch.look()  # what it wrote before it died counts
            self._lost |= self._watch.suspect_ids
            await self._subject.crash_and_return()
        return False

    def _verdict(self, played: Sequence[Played], earlier: frozenset[UUID], *, reached: bool) -> Verdict:
        observed = self._watch.observed(stuck=not reached)
        if self._subject is not None:
            observed.restarts = self._subject.kills
            observed.ended = self._subject.ended
            observed.lost_by_kill = len(self._lost - self._watch.echo.ids)
        echo = self._watch.echo
        known = {one.play.id for one in played}
        shown = [one for one in echo.shown if one.id in known or one.id not in earlier]
        return verdict_of(played, replace(echo, shown=shown), observed)
