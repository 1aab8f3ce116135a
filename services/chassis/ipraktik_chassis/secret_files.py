"""Secrets as files: a setting `X` that has a setting `X_FILE` beside it may be given by either, never by both.

Orchestrators mount secrets as files, and a file stays out of process lists, crash reports and `env`. Invariants: what is wrong
with a file is said under the file's name and never quotes it; a file is read once, at the start, so a changed one needs a restart.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings

MOST_BYTES: Final = 4096
_ONE_LINE: Final = "the file must hold the value and nothing else, in one line"
_TWICE: Final = "\0both"
"""Stands in for the path where both are given, so that the complaint comes from the file's own setting, beside all others."""
_UNREAD: Final = "unread"
"""Stands in for a required secret whose file is wrong: the file is what is complained about, not a secret that is missing."""


class SecretFiles(BaseSettings):
    """Settings that may come from files. A subclass names `x: str` and `x_file: Path | None`."""

    @classmethod
    def _pairs(cls) -> Iterator[tuple[str, str]]:
        # Kafka's password is read anew by whoever logs in, so its settings look after their file themselves.
        names = set(cls.model_fields) - {"kafka_password"}
        return ((name, f"{name}_file") for name in sorted(names) if f"{name}_file" in names)

    @model_validator(mode="before")
    @classmethod
    def _fill_in_from_files(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        filled = dict(given)
        for name, file in cls._pairs():
            if filled.get(file) in {None, ""}:
                continue
            if filled.get(name) not in {None, ""}:
                filled[file] = _TWICE
                continue
            try:
                filled[name] = secret_in(Path(filled[file]))
            except ValueError:
                filled.pop(name, None)
                if cls.model_fields[name].is_required():
                    filled[name] = _UNREAD
        return filled

    @field_validator("*", mode="before")
    @classmethod
    def _a_file_that_holds_a_secret(cls, value: Any, about: ValidationInfo) -> Any:
        for name, file in cls._pairs():
            if about.field_name == file and value is not None:
                if value == _TWICE:
                    raise ValueError(f"set this or {name.upper()}, not both")
                secret_in(Path(value))
        return value


def secret_in(file: Path, *, most_bytes: int = MOST_BYTES) -> str:
    """The one line that a file holds; a line feed at its end is not part of it. Raises ValueError, which quotes nothing."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(most_bytes + 1)
    except OSError as error:
        raise ValueError(f"the file cannot be read: {error.strerror}") from None
    if len(raw) > most_bytes:
        raise ValueError(_ONE_LINE)
    try:
        secret = raw.decode().strip("\r\n")
    except UnicodeDecodeError:
        raise ValueError("the file holds no text") from None
    if not secret.strip():
        raise ValueError("the file is empty")
    if "\n" in secret or "\0" in secret:
        raise ValueError(_ONE_LINE)
    return secret
