"""What a file asks to be signed, in plain words."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import TypeVar

from protocol.deployment import Deployment
from protocol.encoding import b64u
from protocol.manifest import WITH_SUBJECTS, Manifest
from protocol.messages.officers import WindowState
from protocol.signed_lists import Entry
from protocol.staff import StaffPasskey, passkey_print
from protocol.suppliers import Supplier

from registrar.officer_cli.words import PURPOSES, USES, ZONES, Lang, say
from registrar.proposals import Change
from registrar.session import ToSign
from registrar.signed_lists import ListChange
from registrar.signing_request import Reading
from registrar.windows import ZONES as BOTH

E = TypeVar("E", bound=Entry)
_CLOCKS = MappingProxyType({"en": UTC, "ja": timezone(timedelta(hours=9))})
"""In which time zone the hours are said; the texts name it."""


def request_lines(reading: Reading, deployment: Deployment, lang: Lang) -> Iterator[str]:
    """Say what a request's windows would allow, about whom, and who has signed so far."""
    signers = sorted(set.intersection(*map(set, reading.signers.values())))
    yield from window_lines(
        ToSign(reading.manifests, reading.people),
        deployment,
        lang,
        f"{say('signed-by', lang)}: {', '.join(signers) or say('nobody', lang)}",
    )
    if reading.people:
        yield ""
        yield say("word", lang)


def window_lines(window: ToSign, deployment: Deployment, lang: Lang, signers: str) -> Iterator[str]:
    """Say what a window would allow, and about whom; ``signers`` is the line about who signs."""
    manifests = [window.manifests[zone] for zone in BOTH if zone in window.manifests]
    first = manifests[0]
    yield say("about", lang)
    yield ""
    yield f"{say('insurer', lang)}: {deployment.insurer}"
    yield f"{say('purpose', lang)}: {PURPOSES[first.purpose][lang]} [{first.purpose}]"
    yield f"{say('list', lang)}: {say('list-number', lang, number=first.officer_list)}"
    yield signers
    for manifest in manifests:
        yield ""
        yield from _zone(manifest, lang)
    yield ""
    yield say("each-host", lang)
    if first.purpose in WITH_SUBJECTS:
        yield ""
        yield f"{say('people', lang, count=len(window.people))}:"
        yield from (f"  {number}. {label}" for number, label in enumerate(window.people, 1))


def change_lines(change: Change, lang: Lang) -> Iterator[str]:
    """Say how the officers' list would change."""
    yield say("change", lang)
    yield ""
    before, after = change.chain.current.number, change.after.number
    yield f"{say('list', lang)}: {say('list-number', lang, number=before)} -> {say('list-number', lang, number=after)}"
    yield f"{say('signed-by', lang)}: {', '.join(change.signers) or say('nobody', lang)}"
    for word, officers in (("added", change.added), ("removed", change.removed), ("stays", change.may_sign)):
        yield from (f"  {say(word, lang)}: {one.id}  {b64u(one.key)}" for one in officers)
    if change.added:
        yield ""
        yield say("compare", lang)


def staff_lines(change: ListChange[StaffPasskey], lang: Lang) -> Iterator[str]:
    """Say how the staff list would change."""

    def told(one: StaffPasskey) -> str:
        roles = "; ".join(f"{store}: {', '.join(grant.roles)}" for store, grant in sorted(one.stores.items()))
        return f"{roles}  {b64u(passkey_print(one.credential_id, one.public_key))}"

    return _list_lines("staff", change, told, lang)


def supplier_lines(change: ListChange[Supplier], lang: Lang) -> Iterator[str]:
    """Say how the list of suppliers would change."""
    return _list_lines("supplier", change, lambda one: f"{one.name}  {b64u(one.key_id)}  {b64u(one.request_jkt)}", lang)


def state_line(state: WindowState, lang: Lang) -> str:
    """Say what one window at a host is for, and what is left of it."""
    left = "; ".join(
        say("left", lang, use=USES.get(use, {}).get(lang, use), left=quota.left, quota=quota.quota)
        for use, quota in state.quotas.items()
    )
    status = say("closed" if state.closed else "open", lang)
    purpose = next((words[lang] for name, words in PURPOSES.items() if name == state.purpose), state.purpose)
    return f"  {b64u(state.id)}  {status}  {say('until', lang, end=time(state.expires, lang))}  {purpose} {left}"


def time(seconds: int, lang: Lang) -> str:
    """Return a time for a person."""
    return datetime.fromtimestamp(seconds, _CLOCKS[lang]).strftime("%Y-%m-%d %H:%M")


def _list_lines(about: str, change: ListChange[E], told: Callable[[E], str], lang: Lang) -> Iterator[str]:
    yield say(f"{about}-change", lang)
    yield ""
    before, after = change.before.number if change.before else 0, change.after.number
    yield f"{say(f'{about}-list', lang)}: {say('list-number', lang, number=before)} -> {say('list-number', lang, number=after)}"
    yield f"{say('signed-by', lang)}: {', '.join(change.signers) or say('nobody', lang)}"
    for word, entries in (("added", change.added), ("removed", change.removed), ("stays", change.stays)):
        yield from (f"  {say(word, lang)}: {one.id}  {told(one)}" for one in entries)
    if change.added:
        yield ""
        yield say(f"{about}-compare", lang)


def _zone(manifest: Manifest, lang: Lang) -> Iterator[str]:
    yield f"{ZONES[manifest.zone][lang]}:"
    yield f"  {say('from-until', lang, begin=time(manifest.not_before, lang), end=time(manifest.expires, lang))}"
    for use, count in sorted(manifest.quotas.items()):
        yield f"  {say('at-most', lang, count=f'{count:,}', use=USES[use][lang])}"
    if not manifest.quotas:
        yield f"  {say('nothing', lang)}"
    yield f"  {say('key', lang)}: {b64u(manifest.request_jkt)}"
