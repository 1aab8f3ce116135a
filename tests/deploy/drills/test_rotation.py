"""A database's running role gives way to another, as docs/operations/secret-rotation.md says, while the service is at work."""

import asyncio
import re
import uuid
from pathlib import Path

import asyncpg
import pytest
from deploy.drills.backups import in_database
from deploy.drills.conftest import ROOT, python

from ipraktik_local.postgres import PostgresServer

pytestmark = pytest.mark.long

PAGE = ROOT / "docs" / "operations" / "secret-rotation.md"


async def test_a_second_role_takes_over_and_the_first_one_goes(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    name = f"r{uuid.uuid4().hex[:8]}"
    made = postgres.create_service_database(name)
    admin_url = in_database(postgres.admin_url, name)
    admin = await asyncpg.connect(admin_url)
    secret = tmp_path / "url"

    async def command(*arguments: str, **settings: str) -> tuple[int, str]:
        secret_settings = {"DATABASE_URL_FILE": str(secret), **settings}
        return await asyncio.to_thread(python, "-m", "ipraktik_registration", *arguments, **secret_settings)

    try:
        secret.write_text(made.url + "\n")
        assert (await command("migrate", MIGRATION_DATABASE_URL=made.migration_url))[0] == 0
        at_work = await asyncpg.connect(made.url)
        assert await at_work.fetchval("select count(*) from outbox") == 0

        first, second = f"{name}_app", f"{name}_app_b"
        for statement in statements(1):
            await admin.execute(
                statement.replace("registration_app_b", second)
                .replace(" registration ", f" {name} ")
                .replace("…", "ny")
            )
        url = re.sub(r"//[^@]*@", f"//{second}:ny@", made.url)
        secret.write_text(url)
        assert (await command("await-schema", SCHEMA_WAIT_SECONDS="0"))[0] == 1
        assert (await command("migrate", MIGRATION_DATABASE_URL=made.migration_url))[0] == 0
        status, said = await command("doctor", "--only", "database")
        assert status == 0, said
        # who is connected as the first role goes on until it is restarted
        assert await at_work.fetchval("select count(*) from outbox") == 0
        await at_work.close()

        for statement in statements(5):
            await admin.execute(statement.replace("registration_app", first))
        status, said = await command("doctor", "--only", "database")
        assert status == 0, said
        secret.write_text(made.url)
        status, said = await command("doctor", "--only", "database")
        assert status == 2
        assert "does not accept this role and password" in said
    finally:
        await admin.close()


def statements(step: int) -> list[str]:
    """The SQL that a step of the page names."""
    text = PAGE.read_text("utf-8").partition("## A database's running role")[2].partition("\n## ")[0]
    line = re.search(rf"^{step}\. (.*?)(?=^\d\. |^$)", text, re.MULTILINE | re.DOTALL)
    assert line is not None
    found = re.findall(r"`((?:create|grant|drop) [^`]*)`", line[1])
    assert found
    return found
