"""Why a person takes a sign-up back: codes, never free text."""

from typing import Final, Literal, get_args

WithdrawalReason = Literal["own_wish", "workplace", "new_job", "other"]
WITHDRAWAL_REASONS: Final[tuple[WithdrawalReason, ...]] = get_args(WithdrawalReason)
