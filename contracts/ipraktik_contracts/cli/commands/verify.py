"""`ipraktik-events verify`: the proof."""

from pathlib import Path

from .. import loop, options, output
from ..refusal import BROKEN, HOLDS
from ..source import proof_from


def verify(
    file: options.FromFile = None,
    bootstrap: options.Bootstrap = None,
    namespace: options.Namespace = None,
    as_json: options.AsJson = False,
) -> None:
    """Prove that the public topics hold what the contract promises.

    Reads them from the first record to their present end, or a file, and holds every record against every rule: schema, envelope,
    key, size, topic; numbers of each aggregate from 1 without a gap and in their order; no id and no number given to two different
    events; every event legal in the state its aggregate is in.

    Prints the rules and whether each holds, what breaks one and where it lies, counts per type and state, and the hashes. Nothing is
    skipped silently: records of types that this version does not know are counted as left alone, repeats as repeats.

    The hashes of the kinds and of the state are those of `state`, which says how they are made. The **events hash** is SHA-256 over one
    line per key, sorted by bytes: `topic key ce_id ce_id ...` in the order of the numbers, the topic without namespace, one space
    between, one line feed after each.

    It keeps about half a kilobyte for every event in memory.

    Exit status: 0 proved, 1 not proved, 2 could not be tried (no broker, no rights, no topic, no such file), 130 interrupted.
    """
    loop.run(_verify(file, bootstrap, namespace, as_json=as_json))


async def _verify(file: Path | None, bootstrap: str | None, namespace: str | None, *, as_json: bool) -> int:
    with output.at_work("reading and proving"):
        _, proof = await proof_from(file, bootstrap=bootstrap, namespace=namespace)
    if as_json:
        output.say_json(proof.as_json())
    else:
        for line in proof.as_lines():
            output.say(line)
    return HOLDS if proof.proved else BROKEN
