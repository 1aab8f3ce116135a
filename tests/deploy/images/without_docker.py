"""`docker compose ...` as deploy/small says it, with processes in place of containers: put on the PATH by the tests under its name.

What runs in a container runs here for real, on real servers: PostgreSQL's own programs, the services' Python, a shell on a folder
of keys. Only which process stands for which container comes from the file that MACHINE names.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

TOPICS = "import sys; from ipraktik_local.topics import create_topics; create_topics(*sys.argv[1:])"


def main(words: list[str]) -> None:
    """Become the process that stands for the container."""
    machine: dict[str, Any] = json.loads(Path(os.environ["MACHINE"]).read_text("utf-8"))
    assert words[0] == "compose"
    if words[1:] == ["version"]:
        return
    assert (words[1], words[3]) == ("--env-file", "--file")
    command = words[5:]
    with Path(machine["log"]).open("a") as log:
        log.write(" ".join(command) + "\n")
    match command:
        case ["up", *_]:
            return
        case ["exec", "-T", "postgres", program, *arguments]:
            _in_postgres(machine, program, arguments)
        case ["run", "--rm", "-T", "--no-deps", "--entrypoint", "sh", "link-keys", "-c", script]:
            here = script.replace("/keys/", f"{machine['keys']}/").replace("chown 10001", "true")
            _become("/bin/sh", "-c", here, env=dict(os.environ))
        case ["run", "--rm", "-T", "topics"]:
            _become(
                machine["python"], "-c", TOPICS, machine["kafka"], machine["namespace"], env=dict(os.environ)
            )
        case ["run", "--rm", "-T", "--no-deps", "--entrypoint", "python", service, *arguments]:
            own = {"KAFKA_BOOTSTRAP": machine["kafka"], "TOPIC_NAMESPACE": machine["namespace"]}
            env = {"PATH": os.environ["PATH"], "DATABASE_URL": machine["urls"][service], **own}
            _become(machine["python"], *arguments, env=env)
        case _:
            raise SystemExit(f"no stand-in for: {' '.join(command)}")


def _in_postgres(machine: dict[str, Any], program: str, arguments: list[str]) -> None:
    at = arguments.index("-d") + 1
    arguments[at] = machine["databases"].get(arguments[at], arguments[at])
    env = {"PATH": os.environ["PATH"], "PGSSLMODE": "disable", **machine["server"]}
    _become(str(Path(machine["programs"]) / program), *arguments, env=env)


def _become(program: str, *arguments: str, env: dict[str, str]) -> NoReturn:
    os.execve(program, [program, *arguments], env)  # noqa: S606 - its exit status and pipes are to be the container's


if __name__ == "__main__":
    main(sys.argv[1:])
