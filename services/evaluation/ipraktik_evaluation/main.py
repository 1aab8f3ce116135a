"""The composition root: what evaluation is, without a web framework and without the bus."""

from pathlib import Path
from typing import Final

from ipraktik_chassis.service import Service
from ipraktik_evaluation.settings import EvaluationSettings

SERVICE: Final = Service(
    name="evaluation",
    version="0.1.0",
    settings=EvaluationSettings,
    migrations=Path(__file__).parent / "migrations",
    web="ipraktik_evaluation.web.app:create",
    work="ipraktik_evaluation.work:compose",
)
