"""Links: what a token opens, and everything that it does not."""

import base64
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from rig import START, link_keys

from ipraktik_chassis.links import MAX_TOKEN_CHARS, Coordinator, Link, LinkMinter, LinkRefused, LinkVerifier

PRIVATE, PUBLIC = link_keys()
SECRET = PRIVATE.decode()


def a_link(**changes: Any) -> Link:
    """A link that holds for a day."""
    values: dict[str, Any] = {
        "contact_id": uuid.UUID(int=1),
        "participant_id": uuid.UUID(int=2),
        "acts": ("answer",),
        "aggregates": (uuid.UUID(int=3),),
        "expires_at": START + timedelta(days=1),
        "epoch": 2,
    }
    return Link(**{**values, **changes})


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, unchecked."""
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def signed(claims: dict[str, Any], *, key: str = SECRET, algorithm: str = "EdDSA") -> str:
    """Any claims under our key."""
    return jwt.encode(claims, key, algorithm=algorithm)


def reason_of(token: str, *, now: datetime = START) -> str:
    """Why a token is refused as a person's link."""
    with pytest.raises(LinkRefused) as refused:
        LinkVerifier(PUBLIC).link(token, now=now)
    return refused.value.reason


def unsigned(claims: dict[str, Any], header: dict[str, str]) -> str:
    """A token that a forger writes by hand."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    return b".".join([*parts, b""]).decode()


def test_a_link_says_what_was_put_into_it() -> None:
    link = a_link(acts=("answer", "withdraw"), aggregates=(uuid.UUID(int=3), uuid.UUID(int=4)))
    assert LinkVerifier(PUBLIC).link(LinkMinter(PRIVATE).link(link), now=START) == link


def test_a_link_opens_its_acts_on_its_aggregates_and_nothing_else() -> None:
    link = a_link()
    assert link.opens("answer", uuid.UUID(int=3))
    assert not link.opens("withdraw", uuid.UUID(int=3))
    assert not link.opens("answer", uuid.UUID(int=4))


def test_a_link_holds_until_just_before_its_expiry_by_our_clock() -> None:
    # The programme's time may lie years from the system's: neither direction may matter.
    for year in (1990, 2018, 2300):
        expiry = datetime(year, 6, 8, 10, 0, tzinfo=UTC)
        token = LinkMinter(PRIVATE).link(a_link(expires_at=expiry))
        assert LinkVerifier(PUBLIC).link(token, now=expiry - timedelta(seconds=1)).expires_at == expiry
        assert reason_of(token, now=expiry) == "expired"
        assert reason_of(token, now=expiry + timedelta(days=900)) == "expired"


def test_a_token_that_was_changed_is_invalid() -> None:
    token = LinkMinter(PRIVATE).link(a_link())
    header, body, signature = token.split(".")
    raised = json.loads(base64.urlsafe_b64decode(body + "=="))
    raised["acts"] = ["answer", "sign"]
    forged = base64.urlsafe_b64encode(json.dumps(raised).encode()).rstrip(b"=").decode()
    assert reason_of(f"{header}.{forged}.{signature}") == "invalid"
    for place in range(0, len(token), 7):
        other = "A" if token[place] != "A" else "B"
        changed = token[:place] + other + token[place + 1 :]
        if place == len(token) - 1:
            continue  # the last character holds bits that are not part of the signature
        assert reason_of(changed) == "invalid"


def test_a_token_of_another_key_is_invalid() -> None:
    foreign, _ = link_keys()
    assert reason_of(LinkMinter(foreign).link(a_link())) == "invalid"


def test_a_token_without_a_signature_is_invalid() -> None:
    claims = claims_of(LinkMinter(PRIVATE).link(a_link()))
    for algorithm in ("none", "None", "NONE", ""):
        assert reason_of(unsigned(claims, {"alg": algorithm, "typ": "JWT"})) == "invalid"


def test_a_token_of_another_algorithm_is_invalid_whatever_its_key() -> None:
    claims = claims_of(LinkMinter(PRIVATE).link(a_link()))
    rsa = generate_private_key(public_exponent=65_537, key_size=2048)
    assert reason_of(jwt.encode(claims, rsa, algorithm="RS256")) == "invalid"
    # the classic: the public key, known to all, taken as the secret of a symmetric algorithm
    mac = unsigned(claims, {"alg": "HS256", "typ": "JWT"}).rstrip(".")
    import hashlib
    import hmac

    signature = hmac.new(PUBLIC, mac.encode(), hashlib.sha256).digest()
    forged = mac + "." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    assert reason_of(forged) == "invalid"


def test_a_token_for_another_audience_is_invalid() -> None:
    claims = claims_of(LinkMinter(PRIVATE).link(a_link()))
    assert reason_of(signed({**claims, "aud": "somebody-else"})) == "invalid"
    assert reason_of(signed({name: value for name, value in claims.items() if name != "aud"})) == "invalid"


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"exp": "2100-01-01"},
        {"exp": True},
        {"exp": 4e9},
        {"sub": "somebody"},
        {"sub": 7},
        {"pid": "x"},
        {"acts": "answer"},
        {"acts": None},
        {"agg": ["x"]},
        {"agg": 3},
        {"epo": None},
        {"epo": "x"},
        {"exp": 10**18},
    ],
)
def test_claims_that_do_not_fit_are_invalid_although_they_are_signed(changes: dict[str, Any]) -> None:
    claims = claims_of(LinkMinter(PRIVATE).link(a_link()))
    changed = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    assert reason_of(signed(changed)) == "invalid"


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b.c", "æøå", "\ud800", " ", "x" * (MAX_TOKEN_CHARS + 1), "." * 4000]
)
def test_what_is_no_token_is_invalid(token: str) -> None:
    assert reason_of(token) == "invalid"


def test_an_oversized_token_is_not_even_read() -> None:
    token = LinkMinter(PRIVATE).link(a_link(acts=("answer",) * 1000))
    assert len(token) > MAX_TOKEN_CHARS
    assert reason_of(token) == "invalid"


def test_a_coordinators_token_is_no_persons_link() -> None:
    token = LinkMinter(PRIVATE).coordinator(Coordinator("a coordinator", START + timedelta(hours=8)))
    assert LinkVerifier(PUBLIC).coordinator(token, now=START).name == "a coordinator"
    assert reason_of(token) == "invalid"


def test_a_persons_link_is_no_coordinators_token() -> None:
    token = LinkMinter(PRIVATE).link(a_link(acts=("coordinator",)))
    with pytest.raises(LinkRefused) as refused:
        LinkVerifier(PUBLIC).coordinator(token, now=START)
    assert refused.value.reason == "not_allowed"


def test_a_coordinators_token_runs_out_by_our_clock() -> None:
    token = LinkMinter(PRIVATE).coordinator(Coordinator("a coordinator", START))
    with pytest.raises(LinkRefused) as refused:
        LinkVerifier(PUBLIC).coordinator(token, now=START)
    assert refused.value.reason == "expired"


@pytest.mark.parametrize("key", [b"", b"not a key", PRIVATE])
def test_a_key_that_is_not_the_public_one_is_refused_when_it_is_given(key: bytes) -> None:
    # otherwise every link of every person would be refused, without a word to the operator
    with pytest.raises(ValueError, match="Ed25519 public key"):
        LinkVerifier(key)
