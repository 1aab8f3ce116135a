"""What an examination is given, and what it is: a function from a deployment to findings, under the name that `--only` takes."""

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ipraktik_chassis.clock import Clock, SystemClock
from ipraktik_chassis.doctor.finding import Finding
from ipraktik_chassis.kafka_login import KafkaLogin
from ipraktik_chassis.service import Service


@dataclass(frozen=True, slots=True)
class Patient:
    """A service as it is deployed. `operator` is a login at Kafka that may see configurations, where one was given."""

    service: Service
    settings: Any
    operator: KafkaLogin | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    """What the process was given beside its settings; it holds secrets."""
    wall: Clock = field(default_factory=SystemClock)
    """The machine's own clock, never a simulated one: it is what is held against others."""


Examination = Callable[[Patient], Awaitable[list[Finding]]]
Examinations = Mapping[str, Examination]
"""By group; a service's own are found by `Service.examinations`, the path of a mapping like this."""
