"""A checkup as the document that other systems take: 健診結果報告書 (JP eCheckup 1.3.1), a FHIR R4 Bundle of type document.

It joins what no host may join: personal record, open results and opened details. Ids follow from the content, so that the
same checkup is the same document but for its time.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any
from uuid import UUID

from protocol.encoding import sha256
from protocol.messages.records import Checkup, Item
from protocol.record import Profile

from .ids import uuid_of
from .person import CHECKUP_PROFILES, Resource, institution, insurance, insurer, patient, practitioner, ticket
from .results import PHYSICIAN, Result, observation, results

_PROGRAMS, _REPORTS = "urn:oid:1.2.392.200119.6.1002", "urn:oid:2.16.840.1.113883.2.2.1.6.1001"
_SECTIONS = "http://jpfhir.jp/fhir/eCheckup/CodeSystem/section-code"
_VERSION = "http://hl7.org/fhir/StructureDefinition/composition-clinicaldocument-versionNumber"
_BUNDLE_ID = "http://jpfhir.jp/fhir/eCheckup/bundle-identifier"
_RESOURCE_ID = "http://jpfhir.jp/fhir/core/IdSystem/resourceInstance-identifier"
_TYPES = "http://jpfhir.jp/fhir/Common/CodeSystem/doc-typecodes"
_ENCOUNTERS = "http://jpfhir.jp/fhir/eCheckup/CodeSystem/encounter-category"
_SPECIFIC = "010"
_SECTION_PREFIXES = {"010": "0101", "020": "0102", "030": "0103"}
"""Sections are numbered by programme; those of all others are general ones."""
_PROFILES = {
    "composition": "JP_Composition_eCheckupGeneral",
    "patient": "JP_Patient_eCheckupGeneral",
    "practitioner": "JP_PractitionerReporter_eCheckupGeneral",
    "institution": "JP_OrganizationReporter_eCheckupGeneral",
    "encounter": "JP_Encounter_eCheckupGeneral",
    "ticket": "JP_CoverageService_eCheckupGeneral",
    "insurance": "JP_CoverageInsurance_eCheckupGeneral",
    "insurer": "JP_OrganizationInsurer_eCheckupGeneral",
    "result": "JP_Observation_Commmon_eCheckupGeneral",
}
"""As they are published, with their letters."""


def checkup_document(
    profile: Profile, checkup: Checkup, items: Mapping[str, Item], details: Mapping[str, Any], now: datetime
) -> Resource:
    """Return the document of one checkup; ``details`` are opened (empty where there are none), ``now`` has a time zone."""
    return _Document(profile, checkup, results(checkup, items, details), details, now).bundle()


class _Document:
    def __init__(
        self, profile: Profile, checkup: Checkup, found: Sequence[Result], details: Mapping[str, Any], now: datetime
    ) -> None:
        self._profile, self._checkup, self._results, self._details = profile, checkup, found, details
        self._day = checkup.exam_date.isoformat()
        self._time = now.isoformat(timespec="milliseconds")
        said = [profile.model_dump(), checkup.model_dump(mode="json", exclude={"details"}, exclude_none=True), details]
        self._content = sha256(json.dumps(said, sort_keys=True).encode()).hex()
        self._subject = self._address("patient")

    def bundle(self) -> Resource:
        """Return the bundle, the composition first."""
        parts = self._parts()
        observations = {f"result-{at}": observation(one, self._day, self._subject) for at, one in enumerate(self._results)}
        resources = {"composition": self._composition(parts), **parts, **observations}
        return {
            "resourceType": "Bundle",
            "meta": self._meta("JP_Bundle_eCheckupGeneral"),
            "identifier": {"system": _BUNDLE_ID, "value": self._identifier},
            "type": "document",
            "timestamp": self._time,
            "entry": [
                {"fullUrl": self._address(name), "resource": self._placed(name, resource)} for name, resource in resources.items()
            ],
        }

    def _parts(self) -> dict[str, Resource]:
        """Return everything but the composition and the results."""
        parts: dict[str, Resource] = {"patient": patient(self._profile)}
        judges = [one.value for one in self._results if one.code == PHYSICIAN and isinstance(one.value, str)]
        if judges:
            parts["practitioner"] = practitioner(judges[0])
        number, name = self._institution()
        if number or name:
            parts["institution"] = institution(number, name)
        encounter: Resource = {
            "resourceType": "Encounter",
            "status": "finished",
            "class": {"system": _ENCOUNTERS, "code": "checkup", "display": "健診"},
            "period": {"start": self._day, "end": self._day},
        }
        if "institution" in parts:
            encounter["serviceProvider"] = {"reference": self._address("institution")}
        parts["encounter"] = encounter
        payor = self._address("insurer")
        if said := self._said("ticket"):
            parts["ticket"] = ticket(said, self._subject, payor)
        parts["insurance"] = insurance(self._profile, self._subject, payor)
        parts["insurer"] = insurer(self._profile.member_number.partition(":")[0])
        return parts

    def _composition(self, parts: Mapping[str, Resource]) -> Resource:
        reporter = "institution" if "institution" in parts else "insurer"
        authors = [*(["practitioner"] if "practitioner" in parts else []), reporter]
        report = self._said("report") or ("10" if self._checkup.program == _SPECIFIC else "40")
        return {
            "resourceType": "Composition",
            "language": "ja",
            "extension": [{"url": _VERSION, "valueString": "1"}],
            "identifier": {"system": _RESOURCE_ID, "value": self._identifier},
            "status": "final",
            "type": {"coding": [{"system": _TYPES, "code": "53576-5", "display": "検診・健診報告書"}]},
            "category": [{"coding": [{"system": _REPORTS, "code": report}]}],
            "subject": {"reference": self._subject},
            "encounter": {"reference": self._address("encounter")},
            "date": self._time,
            "author": [{"reference": self._address(name)} for name in authors],
            "title": "健康診断結果報告書",
            "custodian": {"reference": self._address(reporter)},
            "event": [
                {
                    "code": [{"coding": [{"system": _PROGRAMS, "code": self._checkup.program}]}],
                    "period": {"start": self._day, "end": self._day},
                }
            ],
            "section": [*self._section("1", "検査結果", questions=False), *self._section("2", "問診結果", questions=True)],
        }

    def _section(self, place: str, title: str, *, questions: bool) -> list[Resource]:
        """Return the section of the results of one sort, if there are any."""
        chosen = [(at, one) for at, one in enumerate(self._results) if one.is_question is questions]
        if not chosen:
            return []
        prefix = _SECTION_PREFIXES.get(self._checkup.program)
        code = f"{prefix}{place}" if prefix else f"019{place}0"
        lines = "".join(f"<li>{escape(one.text)}</li>" for _, one in chosen)
        return [
            {
                "title": title,
                "code": {"coding": [{"system": _SECTIONS, "code": code, "display": f"{title}セクション"}]},
                "text": {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><ul>{lines}</ul></div>'},
                "entry": [{"reference": self._address(f"result-{at}")} for at, _ in chosen],
            }
        ]

    @property
    def _identifier(self) -> str:
        """Who reports, and what among their reports."""
        reporter = self._institution()[0] or self._profile.member_number.partition(":")[0]
        return f"{reporter}^{self._content[:32].upper()}"

    def _institution(self) -> tuple[str | None, str | None]:
        said = self._details.get("institution")
        known = said if isinstance(said, dict) else {"name": said}
        number, name = known.get("number"), known.get("name")
        return number if isinstance(number, str) else None, name if isinstance(name, str) else None

    def _said(self, name: str) -> str:
        said = self._details.get(name)
        return said if isinstance(said, str) else ""

    def _placed(self, name: str, resource: Resource) -> Resource:
        profile = _PROFILES["result" if name.startswith("result-") else name]
        start = {"resourceType": resource["resourceType"], "id": str(self._uuid(name)), "meta": self._meta(profile)}
        return start | resource

    def _meta(self, profile: str) -> Resource:
        return {"lastUpdated": self._time, "profile": [f"{CHECKUP_PROFILES}/{profile}"]}

    def _uuid(self, name: str) -> UUID:
        return uuid_of(self._content, name)

    def _address(self, name: str) -> str:
        return f"urn:uuid:{self._uuid(name)}"
