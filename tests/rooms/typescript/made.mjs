// Makes one of everything that others open or verify.

import { text } from 'node:stream/consumers';

import { of } from './vectors.mjs';

const { b64u, lp, random, utf8 } = await of('protocol/encoding');
const { seal, sealXWing, XWingKey } = await of('protocol/sealing');
const { sealBundle } = await of('protocol/bundle');
const { sealProfile } = await of('protocol/record');
const { sealLabel, sealNote } = await of('protocol/own');
const { RequestKey } = await of('protocol/p256');
const { dpopProof, readerProof } = await of('protocol/proofs');
const { statementOf } = await of('protocol/statement');
const { Code } = await of('protocol/code');

const { now, url } = JSON.parse(await text(process.stdin));
const [key, seed, ref] = [random(32), random(32), new Uint8Array(16)];
const xwing = await XWingKey.from(seed);
const request = await RequestKey.fresh();
const origins = [5, 4, 3, 2, 1].map((host) => `http://localhost:810${host}`);
const statement = await statementOf({ purpose: 'add', origins, now, jkt: request.thumbprint, hpkePublic: xwing.publicBytes });
const profile = { member_number: '1:2:3:4', name: '架空 花子', kana: 'カクウ ハナコ', birth_date: '1980-01-01', sex: 'female', relation: 'insured' };
const both = (value) => ({ 'anon-data': value, programs: value });

const made = {
  key,
  seed,
  public: xwing.publicBytes,
  xwing: await sealXWing(xwing.publicBytes, utf8('割符'), lp('info')),
  aes: await seal(key, utf8('割符'), lp('info')),
  bundle: await sealBundle({ v: 7, recordKey: key, seeds: both(key), readers: both([seed]), mailbox: seed, log: key }, key, ref),
  record: await sealProfile(profile, key, ref, 2),
  label: await sealLabel('財布のカード', seed, ref),
  note: await sealNote('朝、少し頭が痛い。', seed, key, '2026-11-20', 5 * 2 ** 20),
  jkt: request.thumbprint,
  statement: statement.raw,
  h: statement.h,
};
const texts = {
  proof: await readerProof(request, 'PUT', url, new Uint8Array(32), utf8('{}'), now),
  dpop: await dpopProof(request, 'PUT', url, now, 'token'),
  code: Code.fresh().text,
};
console.log(JSON.stringify({ ...Object.fromEntries(Object.entries(made).map(([name, value]) => [name, b64u(value)])), ...texts }));
