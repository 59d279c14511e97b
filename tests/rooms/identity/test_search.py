"""The search index: rows of one form, found by evaluated words alone, in the windows that the officers signed for it."""

import os
from collections.abc import Iterable

import pytest
from chassis.database import Database, drift
from chassis.seal import seal
from identity.app import SERVICE
from identity.store import records as tables
from protocol.messages.enrolment import Evaluate, FirstRecord, StoreRecords
from protocol.messages.search import MOST_HITS, Hits, Indexed, Open, OpeningPart, PartsOpened, PutIndex, Search, Taken, opening_info
from protocol.names import AuthorityName
from protocol.oprf import BlindedBatch
from protocol.record import SEALED_BYTES as RECORD_BYTES
from protocol.sealing import XWingPrivateKey
from protocol.search import FIELDS, SALTS, WORDS, Field, Tags, search_use, tag
from protocol.split_seal import SEALED_BYTES, SplitSealer, inner_hash, sealed_part
from support.authorities import Host, Member, Registrar, problem
from support.ways_in import told

INSURER = XWingPrivateKey(bytes(32))
WORD = b"w" * 32
"""What some field of some people evaluates to."""
_DRAWN = Tags()


def tags(word: bytes = WORD, fields: Iterable[Field] = FIELDS) -> dict[Field, bytes]:
    """Return tags under which one word finds; no two calls' are alike."""
    return {field: _DRAWN.draw(word) for field in fields}


def searched(*words: bytes, field: Field = "email") -> Search:
    """Return a search of these words among random ones."""
    return Search(field=field, words=(*words, *(os.urandom(32) for _ in range(WORDS - len(words)))))


async def enrolled(identity: Host, count: int) -> list[Member]:
    """Return members with records, in the order of their references."""
    registrar = await Registrar(identity).opened()
    members = sorted((Member(identity, f"fictional-{n}") for n in range(count)), key=lambda one: one.ref)
    assert (await registrar.enrol(*members)).status_code == 200
    rows = tuple(FirstRecord(ref=member.ref, record=os.urandom(RECORD_BYTES)) for member in members)
    await told(registrar, "/records", StoreRecords(rows=rows))
    return members


async def found(identity: Host, search: Search) -> Hits:
    """Search in a window of its own."""
    answer = await told(await Registrar(identity, "search").opened(), "/search", search)
    return Hits.model_validate(answer.json())


async def test_found_by_its_word_and_field(identity: Host) -> None:
    """A word of another field, or another word, finds nobody; the record comes as it is stored, with what opens it."""
    one, two = await enrolled(identity, 2)
    opening = os.urandom(SEALED_BYTES)
    rows = (
        Indexed(ref=one.ref, tags=tags(os.urandom(32)) | tags(WORD, ["email"]), opening=opening),
        Indexed(ref=two.ref, tags=tags(os.urandom(32)) | tags(WORD, ["telephone"])),
    )
    await told(await Registrar(identity).opened(), "/search/index", PutIndex(rows=rows))
    by_field = {field: (await found(identity, searched(WORD, field=field))).hits for field in FIELDS}
    nobody = await found(identity, searched())

    assert {field: [hit.ref for hit in hits] for field, hits in by_field.items()} == {
        "member-number": [],
        "kana-birth": [],
        "telephone": [two.ref],
        "email": [one.ref],
    }
    assert (by_field["email"][0].opening, by_field["telephone"][0].opening, nobody.hits) == (opening, None, ())


async def test_a_tag_is_one_members(identity: Host) -> None:
    """A row with a tag that another has, at identity or before it in the request, is not stored and not counted; the others are."""
    one, two, three = await enrolled(identity, 3)
    first, mail = tags(), tag(WORD, 7)
    registrar = await Registrar(identity, quotas={"index": 3}).opened()
    await told(registrar, "/search/index", PutIndex(rows=(Indexed(ref=one.ref, tags=first | {"email": mail}),)))
    rows = (
        Indexed(ref=one.ref, tags=tags() | {"email": mail}),
        Indexed(ref=two.ref, tags=tags() | {"email": mail, "telephone": tag(WORD, SALTS - 1)}),
        Indexed(ref=three.ref, tags=tags() | {"telephone": tag(WORD, SALTS - 1)}),
    )
    answer = Taken.model_validate((await told(registrar, "/search/index", PutIndex(rows=rows))).json())
    after = [await found(identity, searched(WORD, field=field)) for field in ("email", "telephone")]
    await told(registrar, "/search/index", PutIndex(rows=(Indexed(ref=two.ref, tags=tags()),)))

    assert answer.taken == {"email": (1,), "telephone": (2,)}
    assert [[hit.ref for hit in each.hits] for each in after] == [[one.ref], [one.ref]]
    assert problem(await registrar.post("/search/index", PutIndex(rows=rows[2:]))) == (429, "quota-exceeded")


async def test_a_field_is_renewed_alone(identity: Host) -> None:
    """The others stay; of who is not indexed yet all fields are told, or nothing is stored."""
    one, two = await enrolled(identity, 2)
    registrar = await Registrar(identity).opened()
    opening, other = os.urandom(SEALED_BYTES), os.urandom(32)
    await told(registrar, "/search/index", PutIndex(rows=(Indexed(ref=one.ref, tags=tags(), opening=opening),)))
    rows = (Indexed(ref=one.ref, tags=tags(other, ["email"])), Indexed(ref=two.ref, tags=tags(other, ["email"])))
    refused = await registrar.post("/search/index", PutIndex(rows=rows))
    untouched = await found(identity, searched(WORD))
    ingest = await Registrar(identity, "ingest").opened()
    await told(ingest, "/search/index", PutIndex(rows=rows[:1]))
    results = [await found(identity, searched(WORD)), await found(identity, searched(other))]
    telephone = await found(identity, searched(WORD, field="telephone"))

    assert (problem(refused), len(untouched.hits)) == ((400, "rows-refused"), 1)
    assert [[hit.opening for hit in each.hits] for each in results] == [[], [opening]]
    assert [hit.ref for hit in telephone.hits] == [one.ref]


async def test_at_most_fifty(identity: Host) -> None:
    """It says that there are more."""
    members = await enrolled(identity, MOST_HITS + 1)
    rows = tuple(Indexed(ref=member.ref, tags=tags()) for member in members)
    await told(await Registrar(identity).opened(), "/search/index", PutIndex(rows=rows))
    many = await found(identity, searched(WORD))
    await told(
        await Registrar(identity).opened(), "/search/index", PutIndex(rows=(Indexed(ref=members[0].ref, tags=tags(bytes(32))),))
    )
    all_of_them = await found(identity, searched(WORD))

    assert (len(many.hits), many.more) == (MOST_HITS, True)
    assert (len(all_of_them.hits), all_of_them.more) == (MOST_HITS, False)


async def test_each_use_in_its_window(identity: Host) -> None:
    """Indexing, searching, evaluating and opening are refused in a window for something else, and beyond its quota."""
    (member,) = await enrolled(identity, 1)
    index = PutIndex(rows=(Indexed(ref=member.ref, tags=tags()),))
    blob = sealed(identity, member)
    opened = Open(rows=(OpeningPart(sealed=sealed_part(blob, "identity"), inner=inner_hash(blob)),))
    elements = BlindedBatch([b"word"]).blinded["identity"]
    word, number = Evaluate(use=search_use("email", 1), elements=elements), Evaluate(elements=elements)
    enrol, search = await Registrar(identity).opened(), await Registrar(identity, "search").opened()
    wrong = [
        await search.post("/search/index", index),
        await enrol.post("/search", searched()),
        await enrol.post("/openings", opened),
    ]
    used_up = await Registrar(identity, "search", quotas={"search": 0, "open": 0}).opened()
    refused = [
        await used_up.post("/search", searched()),
        await used_up.post("/openings", opened),
        await used_up.post("/evaluations", word),
        await search.post("/evaluations", number),
        await (await Registrar(identity, quotas={"index": 0}).opened()).post("/search/index", index),
    ]

    assert [problem(answer) for answer in wrong] == [(403, "window-purpose")] * 3
    assert [problem(answer) for answer in refused] == [(429, "quota-exceeded")] * 5
    assert [(await each.post("/evaluations", word)).status_code for each in (enrol, search)] == [200, 200]


def sealed(identity: Host, member: Member, use: str = "open") -> bytes:
    """Return a key in a split seal, as the registrar leaves it beside a record."""
    keys = {host: each.unseal[use] for host, each in identity.world.deployment.authorities.items()}
    return SplitSealer(use, INSURER.public_bytes, keys).seal(bytes(32), member.ref)


async def test_a_part_opens_for_the_window_alone(identity: Host) -> None:
    """One authority gives up its own part, sealed to the window; a part of another use or ciphertext it does not open."""
    (member,) = await enrolled(identity, 1)
    blob, other = sealed(identity, member), sealed(identity, member, "number")
    search = await Registrar(identity, "search").opened()
    request = Open(rows=(OpeningPart(sealed=sealed_part(blob, "identity"), inner=inner_hash(blob)),))
    answer = PartsOpened.model_validate((await told(search, "/openings", request)).json())
    info = opening_info("identity", search.window, request.model_dump_json(exclude_none=True).encode())
    wrong: list[tuple[bytes, AuthorityName, bytes]] = [
        (blob, "keyvault", blob),
        (blob, "identity", other),
        (other, "identity", other),
    ]
    refused = [
        await search.post("/openings", Open(rows=(OpeningPart(sealed=sealed_part(one, host), inner=inner_hash(two)),)))
        for one, host, two in wrong
    ]

    assert len(search.hpke.open(answer.sealed, info)) == 32
    assert [problem(each) for each in refused] == [(400, "parts-refused")] * 3


async def test_drift_and_seal(identity: Host) -> None:
    """The tables are those of the migration, and the seal rewrites them."""
    members = await enrolled(identity, 3)
    rows = tuple(Indexed(ref=member.ref, tags=tags(), opening=os.urandom(SEALED_BYTES)) for member in members)
    await told(await Registrar(identity).opened(), "/search/index", PutIndex(rows=rows))
    db = await Database.open(identity.urls.runtime_url)
    report = await seal(identity.urls.owner_url, *SERVICE.sealing, now=identity.world.now)

    assert await drift(db, tables.metadata) == []
    assert (report.rows["search_tag"], report.rows["record_opening"]) == (3, 3)
    assert len((await found(identity, searched(WORD))).hits) == 3
    await db.close()


@pytest.mark.parametrize("count", [WORDS - 1, 2 * WORDS + 1])
async def test_always_as_many_words(identity: Host, count: int) -> None:
    """How many were meant shows in no request."""
    search = await Registrar(identity, "search").opened()
    answer = await search.post("/search", Search.model_construct(field="email", words=(WORD,) * count))

    assert answer.status_code == 422
