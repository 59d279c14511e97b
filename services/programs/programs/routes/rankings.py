"""``/me/ranking``, ``/contests/ranking``, ``/contests/{contest}/events``."""

from typing import Annotated

from chassis.deps import Db, Now, state
from chassis.problems import Busy, problems
from fastapi import APIRouter, Header, Response
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.contests import AskContest
from protocol.messages.rankings import AskRanking, OwnRanking, RankingPage
from starlette.responses import StreamingResponse

from programs.errors import RankingUnknown
from programs.live import Live
from programs.path_ids import Id
from programs.use_cases.listen import listen
from programs.use_cases.read_rankings import read_own_ranking, read_ranking

router = APIRouter(tags=["rankings"])

Listening = Annotated[Live, state("live")]
LastEvent = Annotated[str, Header(pattern=r"^(-1|[0-9]{1,9})$")]


@router.post(
    "/me/ranking",
    summary="Read the own team's place",
    response_class=Response,
    responses={200: {"model": OwnRanking}, **problems(*READER_PROBLEMS)},
)
async def own(request: AskContest, reader: Reader, db: Db, now: Now) -> Response:
    """Read the own team's place, how many more are needed, and the first page of its league, as last published."""
    return _json(await read_own_ranking(db, reader, request.contest, now.now()))


@router.post(
    "/contests/ranking",
    summary="Read a page of a ranking",
    response_class=Response,
    responses={200: {"model": RankingPage}, **problems(*READER_PROBLEMS, RankingUnknown)},
)
async def page(request: AskRanking, reader: Reader, db: Db) -> Response:
    """Read fifty teams of one league, as last published."""
    return _json(await read_ranking(db, reader, request))


@router.get(
    "/contests/{contest}/events",
    summary="Listen for new rankings",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}, **problems(*READER_PROBLEMS, Busy)},
)
async def events(contest: Id, reader: Reader, db: Db, live: Listening, last_event_id: LastEvent = "-1") -> StreamingResponse:
    """Be told (server-sent events) whenever a ranking of this contest is published; for ten minutes, then ask again."""
    stream = await listen(db, live, reader, contest, int(last_event_id))
    return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")
