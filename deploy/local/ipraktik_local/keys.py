"""The Ed25519 key pair that signs and verifies links: made once per home, the private half readable by its owner only."""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class LinkKeys:
    private: Path
    public: Path


def link_keys(folder: Path) -> LinkKeys:
    """The pair in `folder`, made if there is none. Links from before a restart stay valid."""
    keys = LinkKeys(private=folder / "link-private.pem", public=folder / "link-public.pem")
    if not (keys.private.exists() and keys.public.exists()):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        _write(
            keys.private,
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
        )
        _write(
            keys.public,
            key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            ),
        )
    return keys


def _write(file: Path, content: bytes) -> None:
    part = file.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
    os.replace(part, file)
