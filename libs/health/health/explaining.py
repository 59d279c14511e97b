"""A decision in sentences: what counted, which value made the difference, what is missing."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from .criteria import Judged, Reading
from .decision import Alternative, Decision
from .guidance import GuidanceLevel
from .syndrome import Syndrome
from .words import Language, words

Explained = Decision[Syndrome] | Decision[GuidanceLevel]


def sentences(decision: Explained, language: Language) -> tuple[str, ...]:
    """Return the result, the criteria that counted with their values, what is missing, what would have changed it, and notes."""
    return tuple(_sentences(decision, words(language)))


def _sentences(decision: Explained, text: Mapping[str, str]) -> Iterator[str]:
    kind = "syndrome" if isinstance(decision.result, Syndrome) else "guidance"
    judged = {one.criterion: one for one in decision.criteria}
    yield text[f"explain.{kind}"].format(result=text[f"{kind}.{decision.result}"])
    for criterion in decision.counted:
        readings = text["explain.or"].join(_reading(one, text) for one in judged[criterion].deciding)
        yield text["explain.counted"].format(criterion=text[f"criterion.{criterion}"], readings=readings)
    if not decision.counted:
        yield text["explain.nothing-counted"]
    if decision.missing:
        items = text["explain.or"].join(item for criterion in decision.missing for item in _unknown(judged[criterion], text))
        yield text["explain.missing"].format(items=items)
    shortest = min((len(one.changes) for one in _worth_saying(decision)), default=0)
    for alternative in _worth_saying(decision):
        if len(alternative.changes) == shortest:
            yield _alternative(alternative, kind, text)
    for note in decision.notes:
        yield text[f"note.{note}"]


def _worth_saying(decision: Explained) -> Iterator[Alternative[Syndrome] | Alternative[GuidanceLevel]]:
    """Yield the alternatives; of a decided result not that of taking medicine, which is nothing to wish for."""
    for one in decision.alternatives:
        if decision.missing or ("medication", True) not in one.changes:
            yield one


def _alternative(alternative: Alternative[Syndrome] | Alternative[GuidanceLevel], kind: str, text: Mapping[str, str]) -> str:
    changes = text["explain.and"].join(
        text["explain.met" if met else "explain.unmet"].format(criterion=text[f"criterion.{criterion}"])
        for criterion, met in alternative.changes
    )
    return text["explain.alternative"].format(changes=changes, result=text[f"{kind}.{alternative.result}"])


def _reading(reading: Reading, text: Mapping[str, str]) -> str:
    item = text[f"item.{reading.item}"]
    if isinstance(reading.value, Decimal) and reading.side is not None and reading.limit is not None:
        side = text[f"side.{reading.side}"].format(limit=format(reading.limit, "f"))
        return text["explain.reading"].format(item=item, value=format(reading.value, "f"), side=side)
    if isinstance(reading.value, Decimal):
        return f"{item} {reading.value:f}"
    return text["explain.yes" if reading.value else "explain.no"].format(item=item)


def _unknown(judged: Judged, text: Mapping[str, str]) -> Iterator[str]:
    return (text[f"item.{reading.item}"] for reading in judged.readings if reading.met is None)
