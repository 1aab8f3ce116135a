"""Settings of evaluation beside the chassis' own."""

from typing import Annotated

from pydantic import Field

from ipraktik_chassis.drawing import MapSettings


class EvaluationSettings(MapSettings):
    """How long a party may answer."""

    answer_days: Annotated[int, Field(ge=1, le=365)] = Field(
        default=21, description="Days from being asked to the last day on which an answer is taken."
    )
