"""The sign-up through the real `serve` process, beside a bare Starlette route with one insert, under the same load.

And what can be had at best: the sign-up's own statement, from a bare route that does nothing else.
"""

import statistics
from collections.abc import Sequence

from bench import bare_route, bare_statement
from bench.cpu import processor_seconds, spent
from bench.figures import Comparison, shares
from bench.listening import bench_database
from bench.load import CONNECTIONS, Pressed, press
from bench.part import Part
from bench.signing_up import PATH, host_and_port, intern_body, open_edition
from bench.sizes import Size

from ipraktik_chassis.clock import SystemClock
from ipraktik_chassis.links import Coordinator, LinkMinter
from ipraktik_local.keys import link_keys
from ipraktik_local.ports import HOST, reserve_port
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.stack import Stack

_POOL = 8
_BARE = f"bare Starlette route with one insert; {CONNECTIONS} connections, pool of {_POOL}"


class Turn:
    """One route under load, and the processor time it took."""

    def __init__(self, pressed: Pressed, used: dict[str, float]) -> None:
        self.per_second = pressed.requests / pressed.seconds
        self.pressed = pressed
        self.used = {part: seconds / pressed.requests for part, seconds in used.items()} | {
            "load": pressed.processor_seconds / pressed.requests
        }


def _under_load(
    *,
    address: tuple[str, int],
    path: str,
    body: bytes,
    seconds: float,
    pids: dict[str, int],
    status: int,
    kind: str = "application/json",
) -> Turn:
    host, port = address
    with Part(press, host=host, port=port, path=path, kind=kind, body=body, seconds=seconds) as load:
        before = processor_seconds(pids)
        load.go()
        pressed: Pressed = load.result(within=seconds + 90)
        used = spent(before, processor_seconds(pids))
    if set(pressed.statuses) != {status}:
        raise RuntimeError(f"{path} was to answer {status}; it answered {pressed.statuses}")
    return Turn(pressed, used)


def compare_sign_up(*, stack: Stack, postgres: PostgresServer, size: Size) -> Sequence[Comparison]:
    """The row. `stack` runs registration's `serve`."""
    token = LinkMinter(link_keys(stack.home / "keys").private.read_bytes()).coordinator(
        Coordinator("bench", SystemClock().now().replace(year=2100))
    )
    url = stack.env["REGISTRATION_URL"]
    open_edition(url, token=token)
    made = bench_database(postgres, "bench_sign_up")
    turns: dict[str, list[Turn]] = {"ours": [], "bare": [], "statement": []}
    body = intern_body()
    with (
        reserve_port() as port,
        Part(bare_route.serve, url=made.url, host=HOST, port=port.number, pool_size=_POOL) as bare,
        reserve_port() as another,
        Part(
            bare_statement.serve,
            url=stack.env["DATABASE_URL_REGISTRATION"],
            body=body,
            host=HOST,
            port=another.number,
            pool_size=_POOL,
        ) as statement,
    ):
        routes = {
            "ours": (host_and_port(url), PATH, stack.child("registration", "serve").pid),
            "bare": ((HOST, port.number), bare_route.PATH, bare.pid),
            "statement": ((HOST, another.number), bare_statement.PATH, statement.pid),
        }
        for repeat in range(size.repeats + 1):
            for name, (address, path, pid) in routes.items():
                turn = _under_load(
                    address=address,
                    path=path,
                    body=body,
                    seconds=size.sign_up_seconds if repeat else min(size.sign_up_seconds, 2.0),
                    pids={"server": pid, "postgres": postgres.pid},
                    status=201,
                )
                if repeat:  # the first opens connections and fills caches
                    turns[name].append(turn)
        bare.stop()
        statement.stop()
    refused = _frame_alone(stack, seconds=min(size.sign_up_seconds, 3.0))
    return [_comparison(turns, refused), _at_best(turns)]


def _frame_alone(stack: Stack, *, seconds: float) -> Turn:
    """A request that is refused for its body's type: uvicorn, the frame, the router, and nothing of the sign-up."""
    return _under_load(
        address=host_and_port(stack.env["REGISTRATION_URL"]),
        path=PATH,
        body=b"no JSON",
        kind="text/plain",
        seconds=seconds,
        pids={"server": stack.child("registration", "serve").pid},
        status=415,
    )


def _at_best(turns: dict[str, list[Turn]]) -> Comparison:
    return Comparison(
        ours="The statement that a sign-up is, from a bare Starlette route: nothing read, checked or made",
        bare=_BARE,
        ratios=_ratios(turns, "statement"),
        aim=None,
    )


def _ratios(turns: dict[str, list[Turn]], name: str) -> list[float]:
    return [one.per_second / bare.per_second for one, bare in zip(turns[name], turns["bare"], strict=True)]


def _middle(turns: dict[str, list[Turn]], name: str, part: str) -> float:
    return statistics.median(turn.used[part] for turn in turns[name])


def _rates(turns: dict[str, list[Turn]], *shown: str) -> str:
    return "; ".join(
        f"{name} {statistics.median(turn.per_second for turn in turns[name]):,.0f}/s, "
        f"p50 {1e3 * statistics.median(turn.pressed.p50 for turn in turns[name]):.1f} ms, "
        f"p99 {1e3 * statistics.median(turn.pressed.p99 for turn in turns[name]):.1f} ms, us per request: "
        + ", ".join(
            f"{part} {1e6 * _middle(turns, name, part):.0f}" for part in ("server", "postgres", "load")
        )
        for name in shown
    )


def _comparison(turns: dict[str, list[Turn]], refused: Turn) -> Comparison:
    ours = {part: _middle(turns, "ours", part) for part in ("server", "postgres", "load")}
    bare = {part: _middle(turns, "bare", part) for part in ours}
    frame = min(refused.used["server"], ours["server"])
    goes_to = shares(
        {
            "uvicorn, the web frame and routing": frame,
            "the sign-up in the `serve` process": ours["server"] - frame,
            "PostgreSQL": ours["postgres"],
            "the load itself": ours["load"],
        }
    )
    return Comparison(
        ours="Sign-up POST through registration's `serve` process",
        bare=_BARE,
        ratios=_ratios(turns, "ours"),
        aim=0.6,
        goes_to=goes_to,
        remark=(
            f"Shares of the processor time of a request; beside the bare route, the server takes "
            f"{ours['server'] / bare['server']:.1f} and PostgreSQL {ours['postgres'] / bare['postgres']:.1f} times as much."
        ),
        rates=_rates(turns, "ours", "bare", "statement")
        + f"; refused at the door {1e6 * refused.used['server']:.0f} us of the server",
    )
