"""The version of the contract as a whole: types, topics, envelope. Semantic versioning, told in CHANGELOG.md.

A field, a type or a topic more raises the minor number, words alone the last one. What would break a subscriber does not go
into a major version at all: the gate refuses it.
"""

from typing import Final

VERSION: Final = "1.0.0"
