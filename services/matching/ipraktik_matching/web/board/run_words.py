"""What is said of a run's plan: what is proven about it, and how many are left for which reason."""

from ipraktik_chassis.texts import Speech
from ipraktik_matching.puzzle.plan import Stats
from ipraktik_matching.store.board.plans import Summary
from ipraktik_matching.web.board import codes


def proof(
    say: Speech, stats: Stats, *, pins: int = 0, unplaced: int = 0, certified: bool = True
) -> list[str]:
    """What is proven about a plan, in sentences for people who do not solve puzzles.

    The proof is about plans that keep the pins: every claim says so, and who set them is told what they may cost.
    """
    sentences = []
    if pins:
        sentences.append(say("Alt her gælder blandt planer, der følger jeres fastlåste par."))
    if not stats.count_proven:
        sentences.append(
            say(
                "Søgningen nåede sin grænse. {placed} får plads. Måske kan flere få plads, men aldrig over {bound}."
            ).format(placed=say.number(stats.placed), bound=say.number(stats.count_bound))
        )
        sentences.append(say("Start en ny beregning, hvis du vil prøve igen."))
    else:
        sentences += _proven(say, stats)
    if pins and unplaced:
        sentences.append(say("Uden de fastlåste par kunne flere måske få en plads."))
    if not certified:
        sentences.append(say("Beregningen er fra en ældre udgave og har intet bevis, som andre kan tjekke."))
    return sentences


def _proven(say: Speech, stats: Stats) -> list[str]:
    if stats.fit_proven:
        sentences = [
            say("Flere kan ikke få plads, og ingen plan med lige så mange passer bedre. Det er bevist.")
        ]
        if stats.unique:
            sentences.append(say("Stod to planer lige, har lodtrækningen afgjort det."))
        return sentences
    gap = stats.fit_bound - stats.total_fit
    share = gap / stats.fit_bound if stats.fit_bound else 0.0
    return [
        say("Flere kan ikke få plads. Det er bevist."),
        say(
            "Planen har {fit} point i alt. Måske findes en, der passer bedre, men aldrig over {bound}. Det er højst {gap} point mere ({share})."
        ).format(
            fit=say.number(stats.total_fit),
            bound=say.number(stats.fit_bound),
            gap=say.number(gap),
            share=_percent(say, share),
        ),
    ]


def _percent(say: Speech, share: float) -> str:
    # rounded up: a gap that is there is never told as none
    thousandths = -int(-share * 100_000 // 1)
    return (
        f"{say.number(thousandths / 1000)} %"
        if say.language == "da"
        else f"{say.number(thousandths / 1000)}%"
    )


def left_by_reason(say: Speech, plan: Summary) -> list[tuple[str, int]]:
    """How many are left for each reason."""
    return [(codes.word(say, codes.LEFT, code), number) for code, number in sorted(plan.reasons.items())]
