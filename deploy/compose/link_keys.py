"""`link_keys.py PRIVATE PUBLIC OWNER`: the Ed25519 pair for links, as PEM files of one user id. Made once; nothing that is there is replaced.

The private half is readable by its owner only. Both are written whole, the public one last: where it is, the pair is complete.
"""

import os
import sys
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def main(private: Path, public: Path, *, owner: int) -> None:
    """Make the pair where there is none."""
    if private.exists() and public.exists():
        return
    key = Ed25519PrivateKey.generate()
    _write(
        private,
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        mode=0o400,
        owner=owner,
    )
    _write(
        public,
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
        mode=0o444,
        owner=owner,
    )


def _write(file: Path, content: bytes, *, mode: int, owner: int) -> None:
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        out.write(content)
    os.chown(part, owner, -1)
    os.replace(part, file)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), owner=int(sys.argv[3]))
