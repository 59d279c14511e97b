"""Bulk export of the member's own record: kick-off, status, files (http://hl7.org/fhir/uv/bulkdata/export.html)."""

from typing import Annotated

from chassis.deps import Db, Now
from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse
from mailboxes.deps import Reader

from anon_data.deps import Use
from anon_data.fhir import answers, jobs
from anon_data.fhir.deps import ASKED, IN_JSON, IN_NDJSON, PREFIX, Base, Codes, Parameters, Preferences
from anon_data.fhir.documented import query
from anon_data.fhir.errors import InteractionRefused, ResourceUnknown, SearchRefused
from anon_data.fhir.outcomes import outcomes
from anon_data.fhir.responses import NdjsonResponse
from anon_data.use_cases.fhir_read import admit, read_record

router = APIRouter(prefix=PREFIX, tags=["fhir"])

Kind = Annotated[str, Path(json_schema_extra={"enum": list(jobs.TYPES)})]
JobName = Annotated[str, Path(description="As the kick-off's Content-Location has it", json_schema_extra={"pattern": jobs.PATTERN})]


@router.get(
    "/Patient/$export",
    status_code=202,
    dependencies=[IN_JSON],
    responses=outcomes(*ASKED, InteractionRefused, SearchRefused),
    openapi_extra=query(_type="Patient, Observation", _outputFormat="ndjson"),
)
async def export(asked: Parameters, preferences: Preferences, base: Base, reader: Reader, db: Db, now: Now) -> Response:
    """Begin an export of the own record: where its status is stands in Content-Location."""
    await admit(db, reader)
    job = jobs.kick_off(asked, preferences, now.now().date())
    return Response(status_code=202, headers={"Content-Location": f"{base}/$export-status/{job.name}"})


@router.get("/$export-status/{job}", responses=outcomes(*ASKED, ResourceUnknown))
async def status(job: JobName, base: Base, reader: Reader, db: Db, codes: Codes, now: Now) -> JSONResponse:
    """Say where the files of an export are; they are made when they are fetched, so nothing is ever pending."""
    record = await read_record(db, codes, reader, person=True)
    found = jobs.good_job(job, now.now().date())
    return JSONResponse(answers.manifest(record, found, base, now.now()))


@router.delete("/$export-status/{job}", status_code=202, responses=outcomes(*ASKED, ResourceUnknown))
async def cancel(job: JobName, reader: Reader, db: Db, now: Now) -> None:
    """Be done with an export. Nothing of it was kept, so nothing is removed."""
    await admit(db, reader)
    jobs.good_job(job, now.now().date())


@router.get("/$export-files/{job}/{kind}.ndjson", dependencies=[IN_NDJSON], responses=outcomes(*ASKED, ResourceUnknown))
async def file(job: JobName, kind: Kind, reader: Reader, db: Db, codes: Codes, now: Now, use: Use) -> NdjsonResponse:
    """Fetch the resources of one type, each a line."""
    record = await read_record(db, codes, reader, person=True)
    wanted = jobs.file_of(job, kind, now.now().date())
    use.read_by(reader)
    return NdjsonResponse(answers.lines(record, wanted))
