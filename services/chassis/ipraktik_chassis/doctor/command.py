"""`python -m ipraktik_<service> doctor [--only GROUP,…] [--operator FILE] [--json]`; exit status 0, 1 or 2 by the worst finding.

Invariant: an examination that breaks, or takes too long, is a finding of its own, and none keeps the others from being told.
"""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from ipraktik_chassis.composition import imported
from ipraktik_chassis.doctor.backlog import examine_backlog
from ipraktik_chassis.doctor.database import examine_database
from ipraktik_chassis.doctor.examining import Examination, Examinations, Patient
from ipraktik_chassis.doctor.finding import LEVELS, Finding, fail, worst
from ipraktik_chassis.doctor.given import examine_links, examine_settings
from ipraktik_chassis.doctor.kafka import examine_kafka
from ipraktik_chassis.doctor.lag import examine_lag
from ipraktik_chassis.kafka_login import KafkaLogin, KafkaSettings
from ipraktik_chassis.service import Service
from ipraktik_chassis.settings import SettingsWrong, read

COMMON: Final[Examinations] = {
    "settings": examine_settings,
    "links": examine_links,
    "database": examine_database,
    "backlog": examine_backlog,
    "kafka": examine_kafka,
    "lag": examine_lag,
}
"""What is looked at in every service, in the order in which it is told."""
_SECONDS: Final = 60.0


def doctor(service: Service, arguments: list[str]) -> int:
    """Examine, tell, and return the exit status."""
    groups = examinations_of(service)
    parser = argparse.ArgumentParser(prog=f"python -m ipraktik_{service.name} doctor", description=__doc__)
    parser.add_argument("--only", metavar="GROUP,…", help=f"of {', '.join(groups)}; all without this")
    parser.add_argument(
        "--operator",
        metavar="FILE",
        type=Path,
        help="KAFKA_…=value lines of a login that may see configurations and every topic; it is used for looking only",
    )
    parser.add_argument("--json", action="store_true", help="one object for programs")
    chosen = parser.parse_args(arguments)
    wanted = chosen.only.split(",") if chosen.only else list(groups)
    if unknown := [name for name in wanted if name not in groups]:
        parser.error(f"--only: {', '.join(unknown)}: choose of {', '.join(groups)}")
    try:
        operator = None if chosen.operator is None else _login_in(chosen.operator)
    except ValueError as error:
        parser.error(f"--operator: {error}")
    try:
        settings = read(service.settings)
    except SettingsWrong as wrong:
        findings = [fail("settings", line, "Nothing starts before that") for line in wrong.lines]
    else:
        logging.disable(logging.CRITICAL)  # what clients say of their trouble is said here, in sentences
        patient = Patient(service, settings, operator)
        findings = asyncio.run(examine(patient, [groups[name] for name in wanted], names=wanted))
    _tell(service, findings, as_json=chosen.json)
    return LEVELS.index(worst(findings))


def examinations_of(service: Service) -> Examinations:
    """All groups of a service."""
    own: Examinations = imported(service.examinations) if service.examinations else {}
    return {**COMMON, **own}


async def examine(
    patient: Patient, examinations: Sequence[Examination], *, names: Sequence[str]
) -> list[Finding]:
    """All findings, in the order of the examinations. They run beside each other; each has a minute."""
    results = await asyncio.gather(
        *(asyncio.wait_for(one(patient), _SECONDS) for one in examinations), return_exceptions=True
    )
    findings: list[Finding] = []
    for name, result in zip(names, results, strict=True):
        if isinstance(result, BaseException):
            # by its type alone: a text may quote what it was given
            findings.append(
                fail(
                    name,
                    f"the examination broke off ({type(result).__name__})",
                    "See what the others say, and try again",
                )
            )
        else:
            findings += result
    return findings


def _tell(service: Service, findings: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        told = {
            "service": service.name,
            "version": service.version,
            "level": worst(findings),
            "findings": [finding.told() for finding in findings],
        }
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        return
    for finding in findings:
        sys.stdout.write(finding.line() + "\n")


def _login_in(file: Path) -> KafkaLogin:
    """The login that a file of KAFKA_…=value lines describes, and nothing of the environment. Raises ValueError."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ValueError("the file cannot be read") from None
    pairs = [line.partition("=") for line in lines if line.strip() and not line.startswith("#")]
    given = {name.strip().lower(): value.strip() for name, _, value in pairs}
    known = {name: value for name, value in given.items() if name in KafkaSettings.model_fields}
    try:
        return KafkaSettings(_env_prefix="NOT_FROM_THE_ENVIRONMENT_", **known).kafka_login()  # type: ignore[arg-type]
    except ValidationError as error:
        raise ValueError("; ".join(problem["msg"] for problem in error.errors(include_input=False))) from None
