"""What the process refuses to start without, and the coordinator's token."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rig import Databases, rig_of

from ipraktik_chassis.links import LinkVerifier
from ipraktik_notify.main import SERVICE
from ipraktik_notify.settings import NotifySettings

START = datetime(2018, 4, 9, 8, 0, tzinfo=UTC)


def _mint(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LINK_", "CLOCK_", "LOCAL_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "ipraktik_notify", "mint-coordinator", *arguments],
        env={**bare, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_a_minted_token_is_a_coordinators_and_outlives_a_played_season(
    key_pair: tuple[Path, bytes], tmp_path: Path
) -> None:
    clock = tmp_path / "now"
    clock.write_text(START.isoformat())
    done = _mint(
        "--name", "Karin", LINK_PRIVATE_KEY_FILE=str(key_pair[0]), LOCAL_STACK="1", CLOCK_FILE=str(clock)
    )
    assert done.returncode == 0, done.stderr
    coordinator = LinkVerifier(key_pair[1]).coordinator(done.stdout.strip(), now=START + timedelta(days=399))
    assert coordinator.name == "Karin"
    assert coordinator.expires_at == START + timedelta(days=400)


def test_a_token_of_real_time_holds_thirty_days_or_as_said(key_pair: tuple[Path, bytes]) -> None:
    for arguments, days in (((), 30), (("--days", "2"), 2)):
        done = _mint(*arguments, LINK_PRIVATE_KEY_FILE=str(key_pair[0]))
        token = LinkVerifier(key_pair[1]).coordinator(done.stdout.strip(), now=START)
        left = token.expires_at - datetime.now(UTC)
        assert timedelta(days=days - 1) < left <= timedelta(days=days)


def test_without_the_key_nothing_is_minted() -> None:
    done = _mint()
    assert (done.returncode, done.stdout) == (2, "")
    assert "LINK_PRIVATE_KEY_FILE" in done.stderr


async def test_work_does_not_start_without_the_signing_key(databases: Databases) -> None:
    with pytest.raises(ValueError, match="LINK_PRIVATE_KEY_FILE"):
        async with rig_of(SERVICE, databases):
            pass


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    values: dict[str, Any] = {
        "database_url": "x",
        "smtp_url": "smtp://u:secret@h:25",
        "coordinator_addresses": "a@b.c",
    }
    assert "secret" not in repr(NotifySettings(**values))
    assert "a@b.c" not in repr(NotifySettings(**values))
