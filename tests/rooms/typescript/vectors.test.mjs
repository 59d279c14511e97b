// Everything that a member's device computes is what the shared vectors say, and what others sealed and signed opens and verifies.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bytes, hex, of, vectors } from './vectors.mjs';

const encoding = await of('protocol/encoding');
const { hkdf } = await of('protocol/derive');
const { lp, utf8, textOf, sha256 } = encoding;
const { seal, sealXWing, unseal, XWingKey, OpenError } = await of('protocol/sealing');
const { SigningKey, verify } = await of('protocol/signing');

test('length prefixes, base64url and padding', async () => {
  const known = await vectors('encoding');
  for (const one of known.lp) {
    const fields = one.fields.map((field) => field.int ?? field.str ?? bytes(field.bytes));
    assert.equal(hex(lp(one.name, ...fields)), one.out);
  }
  for (const one of known.base64url) assert.equal(encoding.b64u(bytes(one.bytes)), one.text);
  for (const one of known.base64url) assert.equal(hex(encoding.unb64u(one.text)), one.bytes);
  for (const text of known.base64url_accepted) assert.equal(encoding.b64u(encoding.unb64u(text)), text);
  for (const text of known.base64url_refused) assert.throws(() => encoding.unb64u(text), encoding.EncodingError);
  for (const one of known.pad) {
    assert.equal(hex(encoding.pad(bytes(one.data), one.size)), one.out);
    assert.equal(hex(encoding.unpad(bytes(one.out))), one.data);
  }
  for (const text of ['', '00', '8001', '80ff00']) assert.throws(() => encoding.unpad(bytes(text)), encoding.EncodingError);
});

test('sealed objects', async () => {
  const known = await vectors('sealing');
  const [info, plaintext] = [bytes(known.info), bytes(known.plaintext)];
  for (const one of known.cases) assert.equal(hex((await XWingKey.from(bytes(one.seed))).publicBytes), one.xwing_public);
  const key = await XWingKey.from(bytes(known.xwing_seed));
  assert.equal(hex(await unseal(bytes(known.aes_key), bytes(known.stored.aes_gcm), info)), known.plaintext);
  assert.equal(hex(await key.open(bytes(known.stored.xwing), info)), known.plaintext);
  assert.equal(hex(await unseal(bytes(known.aes_key), await seal(bytes(known.aes_key), plaintext, info), info)), known.plaintext);
  assert.equal(hex(await key.open(await sealXWing(key.publicBytes, plaintext, info), info)), known.plaintext);
  await assert.rejects(key.open(bytes(known.stored.aes_gcm), info), OpenError);
  await assert.rejects(key.open(bytes(known.stored.xwing), lp('vector', 'other')), OpenError);
  key.erase();
  await assert.rejects(key.open(bytes(known.stored.xwing), info), OpenError);
});

test('shares, bundle and record', async () => {
  const { memberKey, firstRecordKey } = await of('protocol/shares');
  const { openBundle, sealBundle } = await of('protocol/bundle');
  const { openProfile, sealProfile } = await of('protocol/record');
  for (const one of (await vectors('shares')).cases) {
    const shares = Object.fromEntries(Object.entries(one.authorities).map(([host, said]) => [host, bytes(said.share)]));
    const key = await memberKey(shares, one.v);
    assert.equal(hex(key), one.member_key);
    if (one.v === 0) assert.equal(hex(await firstRecordKey(key)), one.first_record_key);
  }
  const { cases: [bundle], stored } = await vectors('bundle');
  const [key, ref] = [bytes(bundle.member_key), bytes(bundle.ref)];
  const opened = await openBundle(bytes(stored.sealed), key, ref, bundle.v);
  assert.deepEqual(named(opened), JSON.parse(bundle.json));
  const again = await sealBundle(opened, key, ref);
  assert.equal(again.length, bytes(stored.sealed).length);
  assert.deepEqual(await openBundle(again, key, ref, bundle.v), opened);
  await assert.rejects(openBundle(again, key, ref, bundle.v + 1), OpenError);
  await assert.rejects(openBundle(again, bytes(bundle.key), ref, bundle.v), /another key/);
  const { cases: [record], stored: { sealed } } = await vectors('record');
  const profile = await openProfile(bytes(sealed), bytes(record.record_key), bytes(record.ref), record.version);
  assert.deepEqual(profile, JSON.parse(record.json));
  const sealedAnew = await sealProfile(profile, bytes(record.record_key), bytes(record.ref), 3);
  assert.equal(sealedAnew.length, bytes(sealed).length);
  assert.deepEqual(await openProfile(sealedAnew, bytes(record.record_key), bytes(record.ref), 3), profile);
});

/** A bundle with the names that it has on the wire. */
function named({ v, recordKey, seeds, readers, mailbox, log }) {
  const { b64u } = encoding;
  const stores = (of_) => Object.fromEntries(Object.entries(of_).map(([store, value]) => [store, Array.isArray(value) ? value.map(b64u) : b64u(value)]));
  return { v, record_key: b64u(recordKey), seeds: stores(seeds), readers: stores(readers), mailbox: b64u(mailbox), log: b64u(log) };
}

test('a part on its way, and the receipt for a bundle', async () => {
  const { openPart, receiptMessage, sealedPartOf } = await of('protocol/release');
  const { cases: [one], stored } = await vectors('release');
  const key = await XWingKey.from(bytes(one.session_seed));
  const said = sealedPartOf(JSON.parse(stored.json), 'identity');
  const part = await openPart(said, key, bytes(one.jkt), [bytes(one.signing)]);
  const plain = JSON.parse(one.json);
  assert.deepEqual([...part.shares], plain.shares.map(({ v, share }) => [v, encoding.unb64u(share)]));
  assert.equal(part.renew, plain.renew ?? false);
  await assert.rejects(openPart({ ...said, v: said.v + 1 }, key, bytes(one.jkt), [bytes(one.signing)]), /does not verify/);
  await assert.rejects(openPart(said, key, bytes(one.jkt), [bytes(one.jkt)]), /does not verify/);
  assert.throws(() => sealedPartOf(JSON.parse(stored.json), 'gateway'), encoding.EncodingError);
  const rotation = await vectors('rotation');
  for (const { jkt, v, bundle, message, receipt } of rotation.cases) {
    const made = receiptMessage(bytes(jkt), v, await sha256(bytes(bundle)));
    assert.equal(hex(made), message);
    await verify([bytes(rotation.signing)], bytes(receipt), made);
  }
});

test('tokens and claims', async () => {
  const { claimMessage, Seed } = await of('protocol/tokens');
  for (const one of (await vectors('tokens')).cases) {
    assert.equal(hex(await hkdf(bytes(one.y), lp('seed', one.store))), one.seed);
    const seed = await Seed.from(one.store, bytes(one.seed));
    assert.equal(hex(seed.token), one.token);
    assert.equal(hex(seed.claimKey.publicBytes), one.claim_public);
    assert.equal(hex(await sha256(seed.mailboxKey.publicBytes)), one.mailbox_public_sha256);
  }
  for (const one of (await vectors('claims')).cases) {
    const seed = await Seed.from(one.store, bytes(one.seed));
    const message = claimMessage(one.store, seed.token, bytes(one.reader_jkt));
    assert.deepEqual([hex(seed.token), hex(message)], [one.token, one.message]);
    assert.equal(hex(await seed.claimKey.sign(message)), one.signature);
  }
});

test('keys that sign requests', async () => {
  const { RequestKey } = await of('protocol/p256');
  for (const one of (await vectors('proof')).cases) {
    const key = await RequestKey.from(bytes(one.scalar));
    assert.deepEqual([key.jwk, hex(key.thumbprint), key.key.extractable], [one.jwk, one.thumbprint, false]);
  }
  const fresh = await RequestKey.fresh();
  await assert.rejects(crypto.subtle.exportKey('jwk', fresh.key));
});

test('statements', async () => {
  const { hashOf, signInBody, statementOf } = await of('protocol/statement');
  const known = await vectors('statement');
  for (const one of [...known.cases, known.sign_in]) assert.equal(hex(await hashOf(utf8(one.raw))), one.h);
  const [release] = known.cases;
  const { origins, iat, jkt, nonce } = JSON.parse(release.raw);
  const facts = { origins: origins.toReversed(), now: iat, jkt: encoding.unb64u(jkt), nonce: encoding.unb64u(nonce) };
  const [{ xwing_public: hpkePublic }] = (await vectors('sealing')).cases;
  const made = await statementOf({ ...facts, purpose: 'release', hpkePublic: bytes(hpkePublic) });
  assert.deepEqual([textOf(made.raw), hex(made.h), made.iat], [release.raw, release.h, iat]);
  const reference = bytes(known.sign_in.reference);
  assert.equal(hex(signInBody(reference)), known.sign_in.body);
  const alone = await statementOf({ ...facts, purpose: 'sign-in', hpkePublic: new Uint8Array(), body: signInBody(reference) });
  assert.deepEqual([textOf(alone.raw), hex(alone.h)], [known.sign_in.raw, known.sign_in.h]);
});

test('codes of letters and cards, as people write them', async () => {
  const { Code, CodeError, codeMessage, isPin, readCode } = await of('protocol/code');
  const known = await vectors('code');
  for (const one of known.cases) {
    const code = Code.read(one.text);
    assert.deepEqual([code.text, code.qr, code.equals(new Code(bytes(one.code)))], [one.text, one.qr, true]);
    assert.equal(hex(codeMessage(bytes(one.h))), known.message);
    for (const [host, said] of Object.entries(one.authorities)) {
      const keys = await code.keys(host, one.pin);
      assert.deepEqual([hex(keys.handle), hex(keys.key.publicBytes)], [said.handle, said.public]);
      assert.equal(hex(await keys.key.sign(codeMessage(bytes(one.h)))), said.signature);
    }
  }
  for (const one of known.spellings) assert.equal(hex(readCode('wf', one.written)), one.code, one.why);
  for (const one of known.refused) assert.throws(() => Code.read(one.written), (error) => error instanceof CodeError && error.fault === one.fault);
  assert.deepEqual(known.pins_refused.map(isPin), known.pins_refused.map(() => false));
});

test('codes of household views', async () => {
  const { ViewCode } = await of('protocol/view-code');
  for (const one of (await vectors('view-code')).cases) {
    const code = ViewCode.read(one.text);
    const [handle, scalar, key] = await Promise.all([code.handle(), code.scalar(one.pin), code.key(one.pin)]);
    assert.deepEqual([code.text, hex(handle), hex(scalar), hex(key.thumbprint)], [one.text, one.handle, one.scalar, one.jkt]);
  }
});

test('what only the member reads', async () => {
  const own = await of('protocol/own');
  const { cases: [label], stored: { sealed: sealedLabel } } = await vectors('labels');
  const [mailbox, id] = [bytes(label.mailbox), bytes(label.id)];
  assert.equal(await own.openLabel(bytes(sealedLabel), mailbox, id), label.label);
  assert.equal((await own.sealLabel('a'.repeat(own.MOST_LABEL_BYTES), mailbox, id)).length, bytes(sealedLabel).length);
  await assert.rejects(own.sealLabel('a'.repeat(own.MOST_LABEL_BYTES + 1), mailbox, id), encoding.EncodingError);
  const { cases: [note], stored: { sealed: sealedNote } } = await vectors('notes');
  const bound = [bytes(note.mailbox), bytes(note.token), note.day, note.seq];
  assert.equal(await own.openNote(bytes(sealedNote), ...bound), note.text);
  const again = await own.sealNote(note.text, ...bound);
  assert.deepEqual([await own.openNote(again, ...bound), again.length], [note.text, bytes(sealedNote).length]);
  await assert.rejects(own.openNote(again, bound[0], bound[1], bound[2], note.seq + 1), OpenError);
  for (const one of (await vectors('read-marks')).cases) assert.equal(hex(await own.readMark(bytes(one.mailbox_seed), bytes(one.message))), one.mark);
  for (const one of (await vectors('archive')).cases) {
    const key = await own.archiveKey(bytes(one.mailbox));
    const message = own.archiveMessage(bytes(one.manifest));
    assert.deepEqual([hex(key.publicBytes), hex(message), hex(await key.sign(message))], [one.public, one.message, one.signature]);
  }
});

test("officers' lists that follow one another", async () => {
  const { follow, ListRefused, officerList } = await of('protocol/officers');
  for (const one of (await vectors('officers')).cases) {
    const before = officerList(one.before.number, one.before.officers);
    const signed = { raw: utf8(one.raw), signatures: new Map(Object.entries(one.signatures).map(([id, signature]) => [id, bytes(signature)])) };
    const { number, officers } = JSON.parse(one.raw);
    const after = await follow(before, [signed], one.origins);
    assert.deepEqual(after, officerList(number, officers));
    const [first] = signed.signatures;
    const refused = [
      [[{ ...signed, signatures: new Map([first]) }], one.origins],
      [[{ ...signed, raw: utf8(one.raw.replace('"number":2', '"number":3')) }], one.origins],
      [[signed], one.origins.slice(1)],
      [[signed, signed], one.origins],
    ];
    for (const [later, origins] of refused) await assert.rejects(follow(before, later, origins), ListRefused);
  }
});

test('signatures are by the pinned key, or by the next', async () => {
  const key = await SigningKey.from(new Uint8Array(32));
  const signature = await key.sign(utf8('word'));
  await verify([new Uint8Array(32), key.publicBytes], signature, utf8('word'));
  await assert.rejects(verify([key.publicBytes], signature, utf8('words')), /does not verify/);
  await assert.rejects(verify([], signature, utf8('word')), /does not verify/);
});

test('strict JSON', async () => {
  const { read, readObject, JsonRefused } = await of('protocol/strict-json');
  for (const text of ['{"a":[1,-2.5e3,true,null,"\\u3042\\n"],"b":{}}', ' [ ] ', '"x"', '{"__proto__":1}']) {
    assert.deepEqual(read(utf8(text)), JSON.parse(text));
  }
  const refused = ['', '{', '{"a":1,"a":1}', '[1,]', '[1 2]', '{"a" 1}', '"\\ud800"', 'NaN', '01', '9007199254740993', '1 2', "{'a':1}", '[,1]', '{"a":1,}'];
  for (const text of refused) assert.throws(() => read(utf8(text)), JsonRefused, text);
  assert.throws(() => read(Uint8Array.of(0xff)), JsonRefused);
  assert.throws(() => read(utf8('['.repeat(100_000))), JsonRefused);
  assert.throws(() => readObject(utf8('[]')), JsonRefused);
});

test('proofs about hash trees', async () => {
  const { leafHash, MerkleRefused, verifyConsistency, verifyInclusion } = await of('protocol/merkle');
  const { cases, leaves } = await vectors('merkle');
  const root = (size) => bytes(cases[size - 1].root);
  assert.equal(hex(await leafHash(bytes(leaves[0]))), cases[0].root);
  for (const { size, inclusion, consistency } of cases) {
    for (const [index, path] of inclusion.entries()) {
      const [leaf, proof] = [bytes(leaves[index]), path.map(bytes)];
      await verifyInclusion(root(size), leaf, index, size, proof);
      await assert.rejects(verifyInclusion(root(size), bytes('ff'), index, size, proof), MerkleRefused);
      await assert.rejects(verifyInclusion(root(size), leaf, index + 1, size, proof), MerkleRefused);
      await assert.rejects(verifyInclusion(root(size), leaf, index, size, [...proof, bytes(cases[0].root)]), MerkleRefused);
    }
    for (const [at, path] of consistency.entries()) {
      const proof = path.map(bytes);
      await verifyConsistency(root(at + 1), at + 1, root(size), size, proof);
      await assert.rejects(verifyConsistency(sha256Of(at), at + 1, root(size), size, proof), MerkleRefused);
      await assert.rejects(verifyConsistency(root(at + 1), at + 1, root(size), size, [...proof, root(1)]), MerkleRefused);
    }
  }
});

function sha256Of(number) {
  return new Uint8Array(32).fill(number + 1);
}

test('the release log: leaves, entries and checkpoints', async () => {
  const { entryOf, KINDS, leafOf, LogKey, SLOT_BYTES } = await of('protocol/release-log');
  const { leafHash } = await of('protocol/merkle');
  const { Checkpoint, CheckpointRefused, NoteSignature } = await of('protocol/checkpoint');
  const { kinds, leaf, entry, checkpoint, stored } = await vectors('release-log');
  assert.deepEqual(kinds, Object.fromEntries(KINDS.map((kind, at) => [kind, at + 1])));
  const ref = bytes(leaf.ref);
  const key = await LogKey.from(bytes(entry.seed), leaf.host, ref);
  assert.equal(hex(key.publicBytes), entry.public);
  const sealed = bytes(stored.sealed);
  assert.equal(sealed.length, SLOT_BYTES);
  const unused = new Uint8Array(SLOT_BYTES).fill(7);
  const [opened, ...more] = await key.entries(Uint8Array.from([...unused, ...sealed]));
  assert.deepEqual([opened, more], [entryOf(bytes(entry.packed)), []]);
  assert.deepEqual([opened.day, opened.index, hex(opened.about), hex(opened.salt)], [leaf.day, entry.index, leaf.about, leaf.salt]);
  assert.equal(hex(await leafOf(opened, leaf.host, ref)), leaf.leaf);
  assert.equal(hex(await leafHash(bytes(leaf.leaf))), leaf.hash);
  assert.deepEqual(await (await LogKey.from(bytes(entry.seed), 'gateway', ref)).entries(sealed), []);
  assert.throws(() => entryOf(bytes(`02${entry.packed.slice(2)}`)), OpenError);

  const { note, note_of_log_2: second, log_public: log, witness_public: witness } = checkpoint;
  const origins = { gateway: 'http://localhost:8101', keyvault: 'http://localhost:8102', identity: 'http://localhost:8103' };
  const signingKeys = { gateway: [bytes(witness)], keyvault: [bytes(log)], identity: [bytes(witness)] };
  const deployment = { origins, signingKeys, logs: {} };
  const found = await Checkpoint.of(deployment, 'keyvault', note);
  assert.equal(found.checkpoint.size, Number(note.split('\n')[1]));
  assert.deepEqual([...(await found.checkpoint.cosigners(deployment, found.note.signatures))], ['gateway']);
  assert.deepEqual([...(await found.checkpoint.cosigners({ ...deployment, signingKeys: { ...signingKeys, gateway: [bytes(log)] } }, found.note.signatures))], []);
  const anew = { ...deployment, logs: { keyvault: { number: 2, since: '2026-11-26' } } };
  assert.equal((await Checkpoint.of(anew, 'keyvault', second)).checkpoint.size, 43);
  await assert.rejects(Checkpoint.of(anew, 'keyvault', note), CheckpointRefused);
  await assert.rejects(Checkpoint.of(deployment, 'keyvault', second), CheckpointRefused);
  const refused = [note.replace('\n42\n', '\n43\n'), note.replace('localhost:8102/log\n', 'localhost:8101/log\n'), note.slice(0, -1), note.split('\n\n')[0], ''];
  for (const one of refused) await assert.rejects(Checkpoint.of(deployment, 'keyvault', one), CheckpointRefused);
  await assert.rejects(Checkpoint.of({ ...deployment, signingKeys: { ...signingKeys, keyvault: [bytes(witness)] } }, 'keyvault', note), CheckpointRefused);
  assert.throws(() => NoteSignature.read('— name not base64'), CheckpointRefused);
});
