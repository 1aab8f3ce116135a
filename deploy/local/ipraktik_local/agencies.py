"""`make agency`: an outside agency's login on the stack of this machine, handed over as a file that only its owner reads.

A file holds what the agency's process needs as KEY=value; its address is brought up to date when the stack starts anew.
"""

from dataclasses import replace
from pathlib import Path

from ipraktik_contracts.rights import of_agency
from ipraktik_local.environment import read_env, write_env
from ipraktik_local.login import KafkaLogin, login_from
from ipraktik_local.rights import agencies, make_agency, revoke_agency


class StackIsDown(RuntimeError):
    """Nothing is there to ask."""

    def __init__(self) -> None:
        super().__init__("It is down. Start it: make up SECURE=1")


def agency_file(home: Path, name: str) -> Path:
    """Where an agency's login lies."""
    return home / "agencies" / f"{name}.env"


def grant(home: Path, name: str) -> list[str]:
    """Give a login on the running stack; what to tell whoever asked."""
    of_agency(name)  # a bad name is said before anything else
    admin, namespace = _operator(home)
    made = make_agency(admin, name=name, namespace=namespace)
    file = agency_file(home, name)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    write_env(file, made.environment())
    renewed = f"{name} had a login; it has a new password now, and the old one lets nobody in any more."
    return [
        *([renewed] if made.renewed else []),
        f"{name} may read the public topics, as user {made.username}, in groups that begin with {made.group_prefix}",
        f"Its login is in {file}; hand it over as you would a password.",
    ]


def revoke(home: Path, name: str) -> list[str]:
    """Take it back."""
    of_agency(name)
    admin, namespace = _operator(home)
    revoke_agency(admin, name=name, namespace=namespace)
    agency_file(home, name).unlink(missing_ok=True)
    return [f"{name} may read nothing any more; its login is gone."]


def bring_up_to_date(home: Path, admin: KafkaLogin, *, namespace: str) -> None:
    """The address is another one after each start: put it into the files, and drop those whose login is gone."""
    files = {file.stem: file for file in (home / "agencies").glob("*.env")}
    known = agencies(admin, namespace=namespace) if files else ()
    for name, file in files.items():
        if name in known:
            env = read_env(file)
            write_env(file, env | replace(login_from(env), bootstrap=admin.bootstrap).environment())
        else:
            file.unlink()


def _operator(home: Path) -> tuple[KafkaLogin, str]:
    env = read_env(home / "env")
    if "KAFKA_BOOTSTRAP" not in env:
        raise StackIsDown
    return login_from(env), env.get("TOPIC_NAMESPACE", "")
