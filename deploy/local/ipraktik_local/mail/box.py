"""The mails received so far: one file each, written whole or not at all; an index in memory, rebuilt from the files.

Numbers count from 1 in order of arrival and are never reused. Mails with a Message-ID that came before are kept as well:
a sender that is in doubt sends again, and whoever tests it wants to see how often.
"""

import asyncio
import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ipraktik_local.mail.letters import Letter, as_stored, read_letter
from ipraktik_local.mail.times import Now


@dataclass(slots=True)
class Box:
    """All mails below one folder."""

    folder: Path
    now: Now
    letters: list[Letter] = field(default_factory=list)
    _next: int = 1
    _arrival: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def open(cls, folder: Path, *, now: Now) -> "Box":
        folder.mkdir(parents=True, exist_ok=True)
        box = cls(folder, now)
        for file in folder.glob(".*.part"):
            file.unlink()  # a mail that was cut off was never accepted either
        for file in sorted(folder.glob("*.eml")):
            with suppress(ValueError):  # a file that somebody else put here
                box.letters.append(read_letter(int(file.stem), file.read_bytes()))
        box.letters.sort(key=lambda letter: letter.n)
        box._next = box.letters[-1].n + 1 if box.letters else 1
        return box

    @property
    def last(self) -> int:
        return self._next - 1

    def keep(self, *, sender: str, recipients: Sequence[str], content: bytes) -> Letter:
        """Store one mail. It has a number and a place on disk when this returns."""
        stored = as_stored(sender=sender, recipients=recipients, received=self.now(), content=content)
        n, self._next = self._next, self._next + 1
        part = self.folder / f".{n:08d}.part"
        part.write_bytes(stored)
        os.replace(part, self._file(n))
        letter = read_letter(n, stored)
        self.letters.append(letter)
        self._arrival.set()
        self._arrival = asyncio.Event()
        return letter

    def stored(self, n: int) -> bytes | None:
        try:
            return self._file(n).read_bytes()
        except OSError:
            return None

    def after(self, n: int, *, to: str | None = None, limit: int) -> tuple[list[Letter], int]:
        """Mails that came after number `n`, and the number to ask after next time."""
        wanted = to.casefold() if to else None
        found: list[Letter] = []
        for letter in self.letters[bisect_right(self.letters, n, key=lambda letter: letter.n) :]:
            if wanted is None or any(wanted == address.casefold() for address in letter.recipients):
                found.append(letter)
                if len(found) == limit:
                    return found, letter.n
        return found, self.last

    def newest(self, *, to: str | None, before: int | None, limit: int) -> list[Letter]:
        """For people: newest first, an address may be given in part."""
        wanted = (to or "").casefold()
        found: list[Letter] = []
        for letter in reversed(self.letters):
            if before is not None and letter.n >= before:
                continue
            if any(wanted in address.casefold() for address in letter.recipients):
                found.append(letter)
                if len(found) == limit:
                    break
        return found

    def duplicates(self) -> dict[str, int]:
        """Message-IDs that came more than once, and how often."""
        seen = Counter(letter.message_id for letter in self.letters if letter.message_id)
        return {message_id: times for message_id, times in seen.items() if times > 1}

    async def wait_for_arrival(self, seconds: float) -> None:
        """Until another mail comes, or for so long."""
        arrival = self._arrival
        with suppress(TimeoutError):
            await asyncio.wait_for(arrival.wait(), seconds)

    def _file(self, n: int) -> Path:
        return self.folder / f"{n:08d}.eml"
