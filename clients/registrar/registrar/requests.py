"""Windows that officers on other machines sign: the request goes out, comes back signed, and is opened."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from protocol.jose import thumbprint
from protocol.manifest import Manifest, ManifestRefused, Purpose, SignedManifest
from protocol.names import Zone

from . import window_store
from .errors import RegistrarError, WindowError
from .home import Home
from .officer_lists import OfficerChain
from .session import Session, draft_windows, open_drafts
from .signing_request import Labels, SigningRequest, ZoneRequest, entries, read
from .subjects import People
from .windows import Quotas, Window, now_seconds


def make_request(
    session: Session, home: Home, chain: OfficerChain, purpose: Purpose, quotas: Mapping[Zone, Quotas], people: People | None
) -> SigningRequest:
    """Draft a window of each zone, keep its keys in the home, and return what officers sign."""
    unsigned = replace(session, officers=(), listed=chain.current)
    drafts = draft_windows(unsigned, purpose, quotas, people.subjects if people else None)
    return request_of(drafts, home, chain, people.labels if people else {})


def request_of(drafts: Sequence[tuple[Window, SignedManifest]], home: Home, chain: OfficerChain, labels: Labels) -> SigningRequest:
    """Keep the keys of drafted windows in the home, and return what officers sign."""
    zones = []
    for window, manifest in drafts:
        window_store.save(home.requests, window)
        listed = entries(window.subjects, labels) if window.subjects else ()
        zones.append(ZoneRequest(manifest=manifest.raw, signatures={}, subjects=listed))
    return SigningRequest(officers=chain.messages, zones=tuple(zones))


async def open_request(session: Session, home: Home, chain: OfficerChain, path: Path) -> list[Window]:
    """Open what came back with two signatures; raise ``WindowError`` when it is not one of this home's, or not signed."""
    request = SigningRequest.load(path)
    read(request, session.deployment, now_seconds())
    waiting = {window.id: window for window in window_store.listed(home.requests)}
    drafts = []
    for zone in request.zones:
        manifest = zone.signed.read()
        window = waiting.get(manifest.id)
        if window is None or not _same(window, manifest):
            raise WindowError("this request was not made in this home, was changed, or has expired")
        try:
            zone.signed.check(chain.current, window.zone, session.deployment.sorted_origins, now_seconds())
        except ManifestRefused as error:
            raise WindowError(f"the request cannot be opened: {error}") from error
        drafts.append((window, zone.signed))
    windows = await open_drafts(session, drafts)
    window_store.forget(home.requests, windows)
    return windows


def _same(window: Window, manifest: Manifest) -> bool:
    asked = (window.zone, window.purpose, window.expires, window.quotas, thumbprint(window.request_key), window.hpke.public_bytes)
    signed = (manifest.zone, manifest.purpose, manifest.expires, manifest.quotas, manifest.request_jkt, manifest.hpke)
    root = window.subjects.root if window.subjects else None
    return asked == signed and root == manifest.subjects


def refuse_without_people(purpose: Purpose, people: People | None, *, needed: bool) -> None:
    """Raise ``RegistrarError`` unless people are named exactly where the purpose is about them."""
    if (people is not None) != needed:
        raise RegistrarError(
            f"a window for {purpose} {'needs' if needed else 'is about nobody, and takes no'} --member or --subjects"
        )
