"""Setting and reading a user's quota: the requests for it, which neither of our clients offers.

The two requests are those of Kafka's protocol (AlterClientQuotas 0, DescribeClientQuotas 0), sent by aiokafka's client.
"""

from collections.abc import Mapping
from typing import Any, Final

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import DescribeClientQuotasRequest
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Float64, Int16, Int32, Schema, String

from ipraktik_contracts.rights import Quota
from ipraktik_local.login import KafkaLogin
from ipraktik_local.waiting import in_own_loop

_EXACT: Final = 0
_BYTES: Final = "consumer_byte_rate"
_PERCENT: Final = "request_percentage"


class QuotaNotSet(RuntimeError):
    """The broker refused a quota."""


def set_quota(login: KafkaLogin, *, user: str, quota: Quota | None) -> None:
    """Set a user's quota, or take it away."""
    wanted: Mapping[str, float | None] = {
        _BYTES: quota.consumer_bytes_per_second if quota else None,
        _PERCENT: quota.request_percentage if quota else None,
    }
    in_own_loop(_ask(login, _Alter(user, wanted)))


def quota_of(login: KafkaLogin, *, user: str) -> Quota | None:
    """A user's quota as the broker has it."""
    answer = in_own_loop(_ask(login, DescribeClientQuotasRequest([("user", _EXACT, user)], strict=True)))
    for _, values in answer.entries or ():
        held = dict(values)
        return Quota(int(held[_BYTES]), int(held[_PERCENT]))
    return None


class _AlterResponse(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 49
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "entries",
            Array(
                ("error_code", Int16),
                ("error_message", String("utf-8")),
                ("entity", Array(("entity_type", String("utf-8")), ("entity_name", String("utf-8")))),
            ),
        ),
    )


class _AlterRequest(RequestStruct):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 49
    API_VERSION = 0
    RESPONSE_TYPE = _AlterResponse
    SCHEMA = Schema(
        (
            "entries",
            Array(
                ("entity", Array(("entity_type", String("utf-8")), ("entity_name", String("utf-8")))),
                ("ops", Array(("key", String("utf-8")), ("value", Float64), ("remove", Boolean))),
            ),
        ),
        ("validate_only", Boolean),
    )


class _Alter(Request[_AlterRequest]):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 49

    def __init__(self, user: str, wanted: Mapping[str, float | None]) -> None:
        self._entity = [("user", user)]
        self._ops = [(key, float(value or 0), value is None) for key, value in wanted.items()]

    def build(self, request_struct_class: type[_AlterRequest]) -> _AlterRequest:
        return request_struct_class([(self._entity, self._ops)], False)


async def _ask(login: KafkaLogin, request: Any) -> Any:
    client = AIOKafkaClient(**login.aiokafka())
    try:
        await client.bootstrap()
        answer = await client.send(client.get_random_node(), request)
    finally:
        await client.close()
    codes = [answer.error_code] if hasattr(answer, "error_code") else [entry[0] for entry in answer.entries]
    for code in codes:
        if code:
            raise QuotaNotSet(f"The broker refused: {for_code(code).__name__}")
    return answer
