"""What is measured at home, as observations: one a kind, or one a panel of several kinds."""

from collections.abc import Mapping
from dataclasses import dataclass

from health.fhir import LOINC, OBSERVATION_CATEGORIES
from protocol.vitals import PANELS, VITALS, VitalKind

_CATEGORIES: Mapping[VitalKind, str] = {"sleep": "activity"}


@dataclass(frozen=True, slots=True)
class Measure:
    """One observation that a day may have: of a kind, or of a panel of several."""

    name: str
    loinc: str
    kinds: tuple[VitalKind, ...]
    category: str
    head: bytes
    """The resource's JSON from the category to the beginning of its day."""

    @property
    def is_panel(self) -> bool:
        """Whether its values are components."""
        return self.kinds[0] != self.name

    @property
    def component_codes(self) -> tuple[str, ...]:
        """LOINC codes of the components, none where there are none."""
        return tuple(VITALS[kind].loinc for kind in self.kinds) if self.is_panel else ()


def _measure(name: str, loinc: str, kinds: tuple[VitalKind, ...]) -> Measure:
    category = _CATEGORIES.get(kinds[0], "vital-signs")
    head = (
        f'"category":[{{"coding":[{{"system":"{OBSERVATION_CATEGORIES}","code":"{category}"}}]}}],'
        f'"code":{{"coding":[{{"system":"{LOINC}","code":"{loinc}"}}],"text":"{name}"}},'
        '"subject":{"reference":"Patient/me"},"effectiveDateTime":"'
    )
    return Measure(name, loinc, kinds, category, head.encode())


_IN_PANELS = {kind for panel in PANELS for kind in panel.kinds}
MEASURES: tuple[Measure, ...] = (
    *(_measure(panel.name, panel.loinc, panel.kinds) for panel in PANELS),
    *(_measure(kind.name, kind.loinc, (kind.name,)) for kind in VITALS.values() if kind.name not in _IN_PANELS),
)
BY_NAME: Mapping[str, Measure] = {one.name: one for one in MEASURES}
BY_KIND: Mapping[VitalKind, Measure] = {kind: one for one in MEASURES for kind in one.kinds}
BY_LOINC: Mapping[str, Measure] = {one.loinc: one for one in MEASURES}
KINDS_BY_LOINC: Mapping[str, VitalKind] = {kind.loinc: kind.name for kind in VITALS.values()}
