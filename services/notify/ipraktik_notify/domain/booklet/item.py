"""What a check list consists of."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["intern", "host", "workplace"]
Phase = Literal["before", "during", "after"]


@dataclass(frozen=True, slots=True)
class Words:
    """One item in one language: what to do or ask, and why or how."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of advice, or a question, in both languages. Its id is its address on the page and never changes."""

    id: str
    da: Words
    en: Words

    def words(self, language: str) -> Words:
        """The item in a language."""
        return self.en if language == "en" else self.da


@dataclass(frozen=True, slots=True)
class List:
    """A check list: advice to tick off, and questions to talk over."""

    advice: tuple[Item, ...]
    questions: tuple[Item, ...]


def item(id: str, *, da: tuple[str, str], en: tuple[str, str]) -> Item:
    """An item from its two texts in each language."""
    return Item(id, Words(*da), Words(*en))
