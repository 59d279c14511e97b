"""``/fhir``: the member's own record in HL7 FHIR R4."""

from collections.abc import Sequence
from typing import Annotated

from chassis.deps import Db, Now
from chassis.problems import Problem
from fastapi import APIRouter, Header, Path, Response
from mailboxes.deps import Reader

from anon_data.deps import Use
from anon_data.fhir import answers, bundles, writes
from anon_data.fhir.capability import capability_statement
from anon_data.fhir.deps import ASKED, IN_JSON, PREFIX, SENT, Base, Body, Codes, Conditions, Parameters, Preferences
from anon_data.fhir.documented import answer, batch_body, observation_body, query, searching, written
from anon_data.fhir.errors import FormatRefused, ResourceUnknown, SearchRefused, VersionDiffers
from anon_data.fhir.outcomes import MEDIA_TYPE, outcomes
from anon_data.fhir.resource_ids import PATIENT
from anon_data.fhir.responses import FhirResponse
from anon_data.fhir.search import query_of
from anon_data.fhir.writes import Fate
from anon_data.use_cases.fhir_read import read_person, read_record
from anon_data.use_cases.fhir_write import write_observations

router = APIRouter(prefix=PREFIX, tags=["fhir"], dependencies=[IN_JSON])

ObservationId = Annotated[
    str,
    Path(
        description="As 20260601.010.9N006000000000001 or 20260601.home.body-weight",
        json_schema_extra={"pattern": r"^[0-9]{8}\.(home|[0-9]{3})\.[0-9A-Za-z-]{1,32}$"},
    ),
]
PatientId = Annotated[str, Path(description="me", json_schema_extra={"enum": ["me"]})]
IfNoneMatch = Annotated[str | None, Header()]


@router.get("/metadata", responses=answer("CapabilityStatement") | outcomes(FormatRefused))
async def metadata(base: Base) -> FhirResponse:
    """Say what this FHIR server can do; asked by anybody."""
    return FhirResponse(capability_statement(base))


@router.post("", responses=answer("Bundle") | outcomes(*SENT), openapi_extra=batch_body())
async def batch(bundle: Body, base: Base, reader: Reader, db: Db, now: Now) -> FhirResponse:
    """Write values measured at home, each entry for itself."""
    fates = await write_observations(db, reader, writes.batch(bundle, base), now.now())
    return FhirResponse(writes.batch_response(fates, base))


@router.get("/Patient/{patient_id}", responses=answer("Patient") | outcomes(*ASKED, ResourceUnknown))
async def patient(patient_id: PatientId, if_none_match: IfNoneMatch = None, *, reader: Reader, db: Db, use: Use) -> Response:
    """Read the little that is known of whoever asks."""
    person = await read_person(db, reader)
    if patient_id != PATIENT:
        raise ResourceUnknown
    use.read_by(reader)
    return _read(bundles.patient(person), bundles.patient_version(person), if_none_match)


@router.get(
    "/Patient/{patient_id}/$everything",
    responses=answer("Bundle") | outcomes(*ASKED, ResourceUnknown, SearchRefused),
    openapi_extra=query(start="First day", end="Last day", _count="Observations a page", _cursor="Only from a next link"),
)
async def everything(
    patient_id: PatientId, asked: Parameters, base: Base, reader: Reader, db: Db, codes: Codes, now: Now, use: Use
) -> FhirResponse:
    """Read the whole record, the Patient first, then observations, the newest first."""
    wanted = answers.everything_query(asked, now.now(), base)
    record = await read_record(db, codes, reader, person=True)
    if patient_id != PATIENT:
        raise ResourceUnknown
    use.read_by(reader)
    return FhirResponse(answers.everything(record, wanted, base))


@router.get("/Observation", responses=answer("Bundle") | outcomes(*ASKED, SearchRefused), openapi_extra=searching())
async def search(
    asked: Parameters, preferences: Preferences, base: Base, reader: Reader, db: Db, codes: Codes, now: Now, use: Use
) -> FhirResponse:
    """Search the results of checkups and the values measured at home, the newest first unless sorted otherwise."""
    wanted = query_of(asked, now.now(), base=base, lenient="handling=lenient" in preferences)
    record = await read_record(db, codes, reader, vital=wanted.wants_vitals)
    use.read_by(reader)
    return FhirResponse(answers.observations(record, wanted, base))


@router.post(
    "/Observation",
    status_code=201,
    responses=written() | outcomes(*SENT, VersionDiffers),
    openapi_extra=observation_body(),
)
async def create(sent: Body, conditions: Conditions, base: Base, reader: Reader, db: Db, now: Now) -> Response:
    """Write what was measured at home; the same day and kind again replaces it (200)."""
    wish = writes.wish(sent, base, conditions=conditions)
    return _told(await write_observations(db, reader, [wish], now.now()), base)


@router.get("/Observation/{observation_id}", responses=answer("Observation") | outcomes(*ASKED, ResourceUnknown))
async def read(
    observation_id: ObservationId, if_none_match: IfNoneMatch = None, *, reader: Reader, db: Db, codes: Codes, use: Use
) -> Response:
    """Read one observation, with its version as ETag."""
    found = answers.observation(await read_record(db, codes, reader), observation_id)
    use.read_by(reader)
    return _read(found.json(), found.version, if_none_match)


@router.put(
    "/Observation/{observation_id}",
    responses=written() | outcomes(*SENT, ResourceUnknown, VersionDiffers),
    openapi_extra=observation_body(),
)
async def update(
    observation_id: ObservationId, sent: Body, conditions: Conditions, base: Base, reader: Reader, db: Db, now: Now
) -> Response:
    """Write what was measured at home under the id that its day and kind have; If-Match names the version it replaces."""
    wish = writes.wish(sent, base, id_=observation_id, conditions=conditions)
    return _told(await write_observations(db, reader, [wish], now.now()), base)


def _read(text: bytes, version: str, if_none_match: str | None) -> Response:
    tag = {"ETag": writes.etag(version)}
    return Response(status_code=304, headers=tag) if writes.names(if_none_match, version) else FhirResponse(text, headers=tag)


def _told(fates: Sequence[Fate | Problem], base: str) -> Response:
    (fate,) = fates
    if isinstance(fate, Problem):
        raise fate
    return Response(status_code=fate.status, headers=writes.headers(fate, base), media_type=MEDIA_TYPE)
