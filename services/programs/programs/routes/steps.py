"""``/me/step-days``, ``/install/step-days``, ``/me/step-source``, ``/me/install-keys``."""

from datetime import date

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.steps import (
    InstallKeys,
    PutInstallKey,
    PutStepDays,
    RevokeInstallKey,
    StepDays,
    StepResults,
    StepSource,
)
from windows.errors import ProofRefused

from programs.errors import InstallUnknown, TooManyInstalls
from programs.installs import Installed
from programs.use_cases import step_sources
from programs.use_cases.put_steps import put_steps, put_steps_in_background
from programs.use_cases.read_steps import read_steps

router = APIRouter(tags=["steps"])
_MEMBER = problems(*READER_PROBLEMS)


@router.put("/me/step-days", responses=_MEMBER)
async def put(request: PutStepDays, reader: Reader, db: Db, now: Now) -> StepResults:
    """Write absolute totals of device-local days, the last 14 days at most; every item has its own result."""
    return await put_steps(db, reader, request, now.now())


@router.put("/install/step-days", summary="Write in the background", responses=problems(InstallUnknown, ProofRefused))
async def put_in_background(request: PutStepDays, install: Installed, db: Db, now: Now) -> StepResults:
    """Do the same with the key of the installation, which reads nothing."""
    return await put_steps_in_background(db, install, request, now.now())


@router.get("/me/step-days", responses=_MEMBER)
async def get(reader: Reader, db: Db, since: date, until: date) -> StepDays:
    """Read one total a day from ``since`` to ``until``, both included: of the chosen installation, or else the largest."""
    return await read_steps(db, reader, since, until)


@router.put("/me/step-source", status_code=204, responses=_MEMBER)
async def choose(request: StepSource, reader: Reader, db: Db) -> None:
    """Choose the installation that counts, also for days that were written before."""
    await step_sources.choose_source(db, reader, request)


@router.get("/me/step-source", responses=_MEMBER)
async def chosen(reader: Reader, db: Db) -> StepSource:
    """Read which installation counts."""
    return await step_sources.read_source(db, reader)


@router.put("/me/install-keys", status_code=204, responses=problems(*READER_PROBLEMS, TooManyInstalls))
async def put_key(request: PutInstallKey, reader: Reader, db: Db) -> None:
    """Let a key of one installation write steps, also after log-off."""
    await step_sources.put_install_key(db, reader, request)


@router.get("/me/install-keys", responses=_MEMBER)
async def keys(reader: Reader, db: Db) -> InstallKeys:
    """Read which installations have such a key."""
    return await step_sources.read_install_keys(db, reader)


@router.post("/me/install-keys/revocations", status_code=204, responses=_MEMBER)
async def revoke(request: RevokeInstallKey, reader: Reader, db: Db) -> None:
    """End an installation's right to write."""
    await step_sources.revoke_install_key(db, reader, request.install)
