"""An authority's release log, in memory; it can leave deeds out, go back, and change what it said."""

from dataclasses import dataclass, field

from protocol import merkle
from protocol.authority_keys import AuthorityKeys
from protocol.checkpoint import Checkpoint, CheckpointRefused, Note, Signature, log_name, witness_name
from protocol.deployment import Deployment
from protocol.messages import release_log as messages
from protocol.names import AUTHORITIES, AuthorityName
from protocol.release_log import Entry, Event, Kind, leaf, log_public, seal_entry, unused_slots
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .http import Refused, answer, route

SALT = bytes(16)
DAY = 20_833


@dataclass
class ReleaseLog:
    """The log of one authority with one member."""

    keys: AuthorityKeys
    deployment: Deployment
    ref: bytes
    deeds: list[Event] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    """Places of deeds that its member is not told of."""
    key: bytes | None = None
    witnessed: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """By the name of a log."""
    lines: dict[tuple[int, bytes], list[str]] = field(default_factory=dict)
    silent: bool = False
    """Whether it keeps what it does out of the log."""
    vouches: bool = True
    today: int = DAY

    @property
    def host(self) -> AuthorityName:
        return self.keys.host

    def log(self, kind: Kind, about: bytes) -> None:
        """Append a deed."""
        if not self.silent:
            self.deeds.append(Event(kind, self.ref, about, self.today))

    def commitments(self) -> list[tuple[Kind, bytes]]:
        return [(deed.kind, deed.commitment(self.host, SALT)) for deed in self.deeds]

    def leaves(self) -> list[bytes]:
        return [leaf(kind, commitment) for kind, commitment in self.commitments()]

    def openings(self) -> messages.Openings:
        """Return what the member may read."""
        if self.key is None:
            return messages.Openings(slots=b"", fresh=())
        public = log_public(self.key)
        fresh = [
            seal_entry(public, Entry(deed.kind, deed.about, deed.day, at, SALT).packed(), self.host, self.ref)
            for at, deed in enumerate(self.deeds)
            if at not in self.hidden and deed.kind != "beginning"
        ]
        return messages.Openings(slots=unused_slots(), fresh=tuple(fresh))

    def routes(self) -> list[Route]:
        return [
            route("/log/checkpoint", "GET", self._checkpoint),
            route("/log/leaves", "GET", self._leaves),
            route("/log/inclusion", "POST", self._inclusion),
            route("/log/consistency", "GET", self._consistency),
            route("/log/witnessed/{host}", "GET", self._witnessed),
            route("/log/witnessed/{host}/checkpoint", "GET", self._vouched),
            route("/log/cosignatures", "POST", self._cosign),
            route("/log/cosignatures", "PUT", self._deliver),
        ]

    def _now(self) -> Checkpoint:
        return Checkpoint(log_name(self.deployment, self.host), len(self.deeds), merkle.root(self.leaves()))

    async def _checkpoint(self, _request: Request) -> Response:
        now = self._now()
        known = [Signature.parse(line) for line in self.lines.get((now.size, now.root), [])]
        return answer(messages.SignedCheckpoint(note=str(Note(now.text, (now.sign(self.keys.signing), *known)))))

    async def _leaves(self, request: Request) -> Response:
        begin, end = int(request.query_params["begin"]), int(request.query_params["end"])
        found = [messages.LogLeaf(kind=kind, commitment=made) for kind, made in self.commitments()[begin:end]]
        return answer(messages.LogLeaves(leaves=tuple(found)))

    async def _inclusion(self, request: Request) -> Response:
        asked = messages.Inclusion.model_validate_json(await request.body())
        leaves = self.leaves()[: asked.size]
        return answer(messages.InclusionPaths(paths=tuple(merkle.inclusion_path(leaves, index) for index in asked.indexes)))

    async def _consistency(self, request: Request) -> Response:
        first, second = int(request.query_params["first"]), int(request.query_params["second"])
        if not first <= second <= len(self.deeds):
            raise Refused(400, "log-range")
        return answer(messages.Consistency(path=merkle.consistency_path(self.leaves()[:second], first)))

    async def _witnessed(self, request: Request) -> Response:
        return answer(messages.Witnessed(size=self._known(request.path_params["host"])[0]))

    async def _vouched(self, request: Request) -> Response:
        size, root = self._known(request.path_params["host"])
        known = Checkpoint(log_name(self.deployment, request.path_params["host"]), size, root)
        line = known.cosign(witness_name(self.deployment, self.host), self.keys.signing, 1_800_000_000)
        return answer(messages.Vouched(note=str(Note(known.text, (line,)))))

    def _known(self, host: AuthorityName) -> tuple[int, bytes]:
        return self.witnessed.get(log_name(self.deployment, host), (0, merkle.EMPTY_ROOT))

    async def _cosign(self, request: Request) -> Response:
        asked = messages.Cosign.model_validate_json(await request.body())
        host, shown = self._whose(asked.note)
        size, root = self._known(host)
        if not self.vouches:
            raise Refused(503, "unavailable")
        if asked.before != size or shown.size < size:
            raise Refused(409, "witness-elsewhere")
        try:
            if size:
                merkle.verify_consistency(root, size, shown.root, shown.size, asked.path)
        except merkle.MerkleRefused:
            raise Refused(409, "log-forked") from None
        self.witnessed[log_name(self.deployment, host)] = shown.size, shown.root
        line = shown.cosign(witness_name(self.deployment, self.host), self.keys.signing, 1_800_000_000)
        return answer(messages.Cosigned(line=str(line)))

    async def _deliver(self, request: Request) -> Response:
        asked = messages.Deliver.model_validate_json(await request.body())
        now = self._now()
        self.lines.setdefault((now.size, now.root), []).extend(asked.lines)
        return Response(status_code=204)

    def _whose(self, note: str) -> tuple[AuthorityName, Checkpoint]:
        for host in AUTHORITIES:
            try:
                return host, Checkpoint.of_authority(self.deployment, host, note)[0]
            except CheckpointRefused:
                continue
        raise Refused(403, "checkpoint-refused")
