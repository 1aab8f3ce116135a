"""The signature of a delivery, by the Standard Webhooks library: over id, time and body, once per secret that holds."""

from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook as Signer


def signed_headers(*, message_id: str, at: datetime, body: str, secrets: Sequence[str]) -> dict[str, str]:
    """`webhook-id`, `webhook-timestamp`, `webhook-signature`."""
    signatures = [Signer(secret).sign(msg_id=message_id, timestamp=at, data=body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
