"""Solver runs as JSON: what is turned for one, how far it is, what its release did."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from ipraktik_matching.policies import RunPolicy
from ipraktik_matching.web.models import In, Out, Yes, as_number

Part = Literal["field", "sector", "area", "journey", "days", "host_wish", "host_in_mind", "unplaced_before"]
Points = Annotated[int, BeforeValidator(as_number), Field(ge=0, le=1000)]


class RunIn(In):
    """What is turned for this run alone; what is left out is as usual."""

    weights: dict[Part, Points] = Field(
        default_factory=dict, description="The most points each part can give."
    )
    keep_open: Points = Field(
        default=300, description="For leaving somebody where an unanswered proposal has them."
    )
    keep_draft: Points = Field(default=50, description="For leaving somebody where the last plan has them.")
    low_fit: Points = Field(
        default=0, description="Who has fewer points than this loses a share of what is missing."
    )
    low_fit_percent: Points = Field(default=0, description="That share, in percent.")
    move_open: Yes = Field(
        default=False, description="Whether proposals that nobody has answered may be moved."
    )

    def policy(self) -> RunPolicy:
        """As the run keeps it."""
        return RunPolicy(**self.model_dump())


class ReleaseIn(In):
    """Release of a run."""

    final: Yes = Field(description="True where the edition makes no further run.")


class RunAccepted(Out):
    """A run was queued."""

    run_id: UUID


class RunOut(Out):
    """A solver run."""

    run_id: UUID
    edition_id: UUID
    state: Literal["queued", "running", "solved", "failed", "released"]
    requested_by: str
    requested_at: datetime
    input_digest: str | None
    places: int | None
    unplaced: int | None
    sentence: str | None
    final: bool | None
    released_by: str | None
    released_at: datetime | None
    cancelled_by: str | None
    stage: Literal["read", "lay", "prove"] | None = Field(description="How far it is, while it is running.")
    work: int | None = Field(description="Processor seconds so far, while it is running.")
    certified: bool = Field(description="Whether the plan has a certificate that anybody can check.")


class RunCancelled(Out):
    """Whether the run is stopped; false where it had ended already."""

    cancelled: bool


class LeftOut(Out):
    """A pair of the plan that no longer held at release."""

    intern_id: UUID
    host_id: UUID
    reason: Literal[
        "host_left",
        "intern_left",
        "intern_placed",
        "tried_before",
        "forbidden",
        "pinned_elsewhere",
        "no_free_place",
        "dates",
    ]


class ReleaseOut(Out):
    """What a release did."""

    run_id: UUID
    final: bool
    proposed: int
    not_found: int
    left_out: tuple[LeftOut, ...]
    moved: int = Field(description="Of the proposed: who had a proposal elsewhere that nobody had answered.")
