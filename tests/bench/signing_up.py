"""The edition and the body that the sign-up load needs."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
from bench.load import TAG

from ipraktik_chassis.clock import SystemClock

PATH = "/api/v1/interns"
_PERSON = TAG.decode()


def open_edition(url: str, *, token: str) -> str:
    """An edition that takes sign-ups now; its id."""
    now = SystemClock().now()
    year, week, _ = (now + timedelta(days=120)).isocalendar()
    answer = httpx.post(
        url + "/registration/api/v1/editions",
        json={
            "name": f"Uge {week}, {year}",
            "mode": "campaign",
            "window": {
                "opens_at": (now - timedelta(days=1)).isoformat(),
                "closes_at": (now + timedelta(days=30)).isoformat(),
            },
            "week": {"year": year, "week": week},
        },
        headers={"authorization": f"Bearer {token}"},
    )
    answer.raise_for_status()
    return str(answer.json()["edition_id"])


def intern_body() -> bytes:
    """An intern's sign-up, filled in as people do; the tag stands where two people differ."""
    person = {
        "name": f"Praktikant {_PERSON}",
        "email": f"praktikant-{_PERSON}@example.org",
        "language": "da",
        "job_title": "Udviklingskonsulent",
        "workplace": {
            "organisation_name": "Aarhus Kommune",
            "unit_name": "Teknik og Miljø",
            "sector": "municipal",
            "ownership": "public",
            "municipality_code": "0751",
            "country": "DK",
        },
        "field": "planning",
        "manager": {"name": f"Leder {_PERSON}", "email": f"leder-{_PERSON}@example.org"},
        "motivation": "Jeg vil se, hvordan andre inddrager borgere, når de planlægger byrum og veje. " * 3,
        "wishes": {"fields": ["libraries", "culture"], "sectors": ["municipal", "private"], "areas": []},
        "journey_type": "adventurer",
        "days": {"min": 4, "max": 5},
    }
    return json.dumps(person, ensure_ascii=False).encode()


def host_and_port(url: str) -> tuple[str, int]:
    """Where a service listens."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port
