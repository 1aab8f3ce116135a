"""Plans as JSON: canonical like puzzles, so that the same plan is the same bytes."""

from dataclasses import asdict, fields
from typing import Any, Final

from ipraktik_matching.puzzle.format import canonical
from ipraktik_matching.puzzle.plan import Placement, Plan, PlanError, Stats, Unplaced
from ipraktik_matching.puzzle.proof import PARTS, Certificate, Leaf, Split, Tree
from ipraktik_matching.puzzle.reading import Reader, read_object

FORMAT: Final = 1
_DEEPEST: Final = 200


def plan_to_json(plan: Plan) -> str:
    """The plan's canonical text."""
    return canonical(
        {
            "format": FORMAT,
            "placements": [
                _placement_row(one) for one in sorted(plan.placements, key=lambda one: one.intern_id)
            ],
            "unplaced": [asdict(one) for one in sorted(plan.unplaced, key=lambda one: one.intern_id)],
            "stats": asdict(plan.stats),
            **({} if plan.certificate is None else {"certificate": _certificate_row(plan.certificate)}),
        }
    )


def plan_from_json(text: str | bytes) -> Plan:
    """The plan that the text says, or a PlanError with every problem of it. It is not checked against its puzzle."""
    problems: list[str] = []
    top = read_object(text, "plan", problems)
    if top is None:
        raise PlanError(problems)
    top.expect("format", FORMAT)
    plan = Plan(
        placements=tuple(_placement(row) for row in top.rows("placements")),
        unplaced=tuple(_unplaced(row) for row in top.rows("unplaced")),
        stats=_stats(top.inner("stats")),
        # Plans of before there were certificates are read as they are.
        certificate=_certificate(top.inner("certificate")) if top.has("certificate") else None,
    )
    top.finish()
    if problems:
        raise PlanError(problems)
    return plan


def _placement_row(one: Placement) -> dict[str, Any]:
    return {
        "intern_id": one.intern_id,
        "host_id": one.host_id,
        "companion_id": one.companion_id,
        "days": one.days,
        "window": one.window,
        "fit": one.fit,
        "parts": dict(one.parts),
        "reasons": one.reasons,
    }


def _placement(row: Reader) -> Placement:
    placement = Placement(
        intern_id=row.text("intern_id"),
        host_id=row.text("host_id"),
        companion_id=row.text_or_none("companion_id"),
        days=row.whole("days"),
        window=row.window("window"),
        fit=row.whole("fit"),
        parts=row.numbers("parts"),
        reasons=row.texts("reasons"),
    )
    row.finish()
    return placement


def _unplaced(row: Reader) -> Unplaced:
    unplaced = Unplaced(intern_id=row.text("intern_id"), reason=row.text("reason"))
    row.finish()
    return unplaced


def _stats(row: Reader) -> Stats:
    read = {int: row.whole, bool: row.truth, str: row.text}
    values: dict[str, Any] = {one.name: read[one.type](one.name) for one in fields(Stats)}  # type: ignore[index]
    row.finish()
    return Stats(**values)


def _certificate_row(one: Certificate) -> dict[str, Any]:
    return {
        "parts": PARTS,
        "most": one.most,
        "best": one.best,
        "persons": _tree_row(one.persons),
        "fit": _tree_row(one.fit),
    }


def _tree_row(tree: Tree) -> dict[str, Any]:
    if isinstance(tree, Leaf):
        return {"per_person": tree.per_person, "prices": dict(tree.prices)}
    return {
        "host_id": tree.host_id,
        "without": _tree_row(tree.without),
        "reserved": _tree_row(tree.reserved),
    }


def _certificate(row: Reader) -> Certificate:
    row.expect("parts", PARTS)
    certificate = Certificate(
        most=row.whole("most"),
        best=row.whole("best"),
        persons=_tree(row.inner("persons"), _DEEPEST),
        fit=_tree(row.inner("fit"), _DEEPEST),
    )
    row.finish()
    return certificate


def _tree(row: Reader, deeper: int) -> Tree:
    if not row.has("host_id") or deeper == 0:
        leaf = Leaf(prices=row.numbers("prices"), per_person=row.whole("per_person"))
        row.finish()
        return leaf
    split = Split(
        row.text("host_id"), _tree(row.inner("without"), deeper - 1), _tree(row.inner("reserved"), deeper - 1)
    )
    row.finish()
    return split
