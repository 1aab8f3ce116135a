"""Nothing but the clock knows what time it is, so a whole season can be played; each lint is shown a broken example too."""

import pytest
from architecture.time_lint import (
    CLOCK,
    RECORD_TIME_MODULE,
    no_migration_asks_the_database,
    no_sql_asks_the_database,
    nothing_asks_the_system,
)
from architecture.tree import PACKAGES, ROOT, Module, all_modules, modules_of, said

SHIPPED = [module for module in all_modules() if module.package != "ipraktik_local"]


def test_nothing_asks_the_system_for_the_time_but_the_clock() -> None:
    offences = nothing_asks_the_system(SHIPPED)
    assert not offences, said(offences)


def test_no_sql_asks_the_database_for_the_time() -> None:
    offences = no_sql_asks_the_database(all_modules())
    assert not offences, said(offences)


def test_no_migration_asks_the_database_for_the_time() -> None:
    scripts = [
        (str(path.relative_to(ROOT)), path.read_text("utf-8"))
        for home in PACKAGES.values()
        for path in home.rglob("*.sql")
    ]
    assert len(scripts) >= 6
    offences = no_migration_asks_the_database(scripts)
    assert not offences, said(offences)


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime, UTC\nwritten = datetime.now(UTC)",
        "import datetime\nwritten = datetime.datetime.utcnow()",
        "import datetime as dt\nday = dt.date.today()",
        "from datetime import date as day\ntoday = day.today()",
        "import time\nwritten = time.time()",
        "from time import time as seconds\nwritten = seconds()",
        "import time\ndef made(clock=time.time):\n    return clock()",
        "from dataclasses import field\nfrom datetime import datetime\nat = field(default_factory=datetime.now)",
        "import uuid\nid = uuid.uuid1()",
    ],
)
def test_asking_the_system_is_refused(text: str) -> None:
    (offence,) = nothing_asks_the_system([Module("ipraktik_notify.odd", text)])
    assert "ipraktik_notify.odd" in offence


@pytest.mark.parametrize(
    "text",
    [
        "import time\nstarted = time.monotonic()",
        "now = clock.now()",
        "from datetime import datetime, UTC\nat = datetime.fromtimestamp(0, UTC)",
        "from datetime import date\nday = date(2018, 9, 10)",
        "class time:\n    def time(self): ...\nx = time().time()",
    ],
)
def test_measuring_and_being_told_are_let_pass(text: str) -> None:
    assert nothing_asks_the_system([Module("ipraktik_notify.good", text)]) == []


def test_the_two_places_that_may_ask_are_those_two() -> None:
    (clock,) = [module for module in modules_of("ipraktik_chassis") if module.name == CLOCK]
    assert nothing_asks_the_system([Module("ipraktik_chassis.elsewhere", clock.text)])
    (producer,) = [module for module in modules_of("ipraktik_chassis") if module.name == RECORD_TIME_MODULE]
    assert nothing_asks_the_system([Module("ipraktik_chassis.elsewhere", producer.text)])
    asked = producer.text + "\n\ndef other() -> float:\n    return time.time()\n"
    assert len(nothing_asks_the_system([Module(RECORD_TIME_MODULE, asked)])) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "update mail set sent_at = now() where id = $1",
        "SELECT * FROM t WHERE due < CURRENT_TIMESTAMP",
        "insert into t values (clock_timestamp())",
        "select 1 where day = current_date",
        "select 'now'::timestamptz",
    ],
)
def test_sql_that_asks_the_database_is_refused(sql: str) -> None:
    assert no_sql_asks_the_database([Module("ipraktik_notify.odd", f"Q = {sql!r}")])
    assert no_sql_asks_the_database([Module("ipraktik_notify.odd", f"def f(x):\n    q = f{sql + ' {x}'!r}")])
    assert no_migration_asks_the_database([("odd.sql", f"-- migrate:up\n{sql};")])


@pytest.mark.parametrize(
    "text",
    [
        '"""No now() where a select runs."""',
        'Q = "select now_due from t where at <= $1  -- never now()"',
        'WORDS = "It is due now (or later)"',
    ],
)
def test_what_only_speaks_of_time_is_let_pass(text: str) -> None:
    assert no_sql_asks_the_database([Module("ipraktik_notify.good", text)]) == []
