"""Why a sign-up is taken back: codes, never free text. A coordinator who does it has one reason more."""

from typing import Final, Literal, get_args

WithdrawalReason = Literal["own_wish", "workplace", "new_job", "other"]
WITHDRAWAL_REASONS: Final[tuple[WithdrawalReason, ...]] = get_args(WithdrawalReason)

ReasonOnBehalf = Literal["own_wish", "workplace", "new_job", "coordinator", "other"]
REASONS_ON_BEHALF: Final[tuple[ReasonOnBehalf, ...]] = get_args(ReasonOnBehalf)
