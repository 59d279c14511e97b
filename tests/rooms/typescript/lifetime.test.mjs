// What a session holds, what becomes of it, and what hosts' refusals mean.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { of } from './vectors.mjs';

const { SecretBox, SessionKeys } = await of('secrets');
const { Wire } = await of('wire');
const { Leg, parametersOf } = await of('oauth');
const { checkClaims, verified, TokenRefused } = await of('protocol/id-token');
const { Counter, news, numbered } = await of('measurements');
const { b64u, random, utf8 } = await of('protocol/encoding');
const { RequestKey } = await of('protocol/p256');
const sdk = await of('index');

const DEPLOYMENT = { clock: () => 1_800_000_000, origins: { gateway: 'http://localhost:8101' } };

test('everything that is kept is overwritten, also what comes too late', async () => {
  const box = new SecretBox();
  const [seed, share, late] = [random(32), random(32), random(32)];
  box.keep('seeds', seed);
  box.keep('shares', share, null);
  assert.deepEqual([box.erase(), box.erase()], [['seeds', 'shares'], []]);
  box.keep('seeds', late);
  for (const one of [seed, share, late]) assert.deepEqual(one, new Uint8Array(32));
});

test('the key that signs a session cannot be taken out', async () => {
  const keys = await SessionKeys.fresh();
  await assert.rejects(crypto.subtle.exportKey('pkcs8', keys.dpop.key));
  assert.deepEqual(keys.box.erase(), ['session key']);
});

/** A wire on which each try is answered by the next of these. */
function wire(...answers) {
  const tries = [];
  const fetched = async (url, how) => {
    tries.push(how);
    const next = answers.shift();
    if (next instanceof Error) throw next;
    return next;
  };
  return { tries, wire: new Wire(DEPLOYMENT, DEPLOYMENT.clock, fetched) };
}
const problem = (status, type, headers = {}) => new Response(JSON.stringify({ type }), { status, headers });
const call = (found) => found.wire.send('gateway', 'GET', '/', async () => ({ DPoP: b64u(random(4)) }));

test('a busy host is asked again with another proof, twice at most', async () => {
  const busy = () => problem(503, 'busy', { 'Retry-After': '0' });
  const patient = wire(busy(), busy(), new Response('{"done":true}'));
  assert.deepEqual(await call(patient), { done: true });
  assert.equal(new Set(patient.tries.map((how) => how.headers.DPoP)).size, 3);
  await assert.rejects(call(wire(busy(), busy(), busy())), sdk.HostUnavailable);
  const long = wire(problem(429, 'slow', { 'Retry-After': '60' }));
  await assert.rejects(call(long), (error) => error instanceof sdk.HostRefused && error.type === 'slow' && error.status === 429);
});

test('refusals by their type, without what stands in them', async () => {
  await assert.rejects(call(wire(problem(401, 'session-ended'))), sdk.SessionEnded);
  await assert.rejects(call(wire(problem(403, 'evidence-refused'))), (error) => error instanceof sdk.EvidenceRefused && error.host === 'gateway');
  await assert.rejects(call(wire(problem(404, 'Somebody Spoke'))), (error) => error.type === 'unknown' && !error.message.includes('Spoke'));
  await assert.rejects(call(wire(new Response('<html>'))), (error) => error.type === 'malformed-answer');
  await assert.rejects(call(wire(new Response('{"a":1,"a":2}'))), (error) => error.type === 'malformed-answer');
  await assert.rejects(call(wire(new TypeError('no network'))), sdk.HostUnavailable);
  await assert.rejects(call(wire(problem(500, 'broken'))), sdk.HostUnavailable);
  const asked = wire(new Response(null, { status: 204 }));
  assert.deepEqual(await call(asked), {});
  const { credentials, redirect, cache } = asked.tries[0];
  assert.deepEqual([credentials, redirect, cache], ['omit', 'error', 'no-store']);
});

test('a callback is believed when state and issuer are right', () => {
  const leg = new Leg();
  const right = { state: leg.state, iss: 'https://op.example', code: 'c' };
  assert.equal(leg.code(right, 'https://op.example', true), 'c');
  for (const wrong of [{ state: 'other' }, { iss: 'https://other.example' }, { iss: undefined }, { code: '' }, { error: 'access_denied' }]) {
    assert.throws(() => leg.code({ ...right, ...wrong }, 'https://op.example', true), sdk.SignInFailed);
  }
  assert.throws(() => leg.code({ state: leg.state, error: '<script>' }, 'https://op.example', false), /ended with an error/);
  assert.deepEqual([parametersOf('a=1&b=2'), parametersOf('a=1&a=2')], [{ a: '1', b: '2' }, null]);
});

test('an ID token of the group says who it is for, and no more than is allowed', async () => {
  const [now, h] = [1_800_000_000, random(32)];
  const idp = { issuer: 'https://idp.example', evidenceClient: 'evidence', subjectClaim: 'sub', allowedClaims: ['tenant'], algorithms: ['ES256'] };
  const claims = { iss: idp.issuer, aud: 'evidence', sub: 'E1', nonce: b64u(h), exp: now + 60, iat: now, tenant: 't' };
  checkClaims({ ...claims, aud: ['evidence'] }, idp, h, now);
  const wrong = [
    { iss: 'https://other.example' }, { aud: 'gateway' }, { aud: ['evidence', 'gateway'] }, { azp: 'gateway' }, { nonce: b64u(random(32)) },
    { exp: now }, { iat: now - 121 }, { iat: now + 11 }, { name: '架空 花子' }, { sub: '' },
  ];
  for (const one of wrong) assert.throws(() => checkClaims({ ...claims, ...one }, idp, h, now), TokenRefused, JSON.stringify(one));
  const key = await RequestKey.fresh();
  const token = await key.token('JWT', claims);
  assert.deepEqual(await verified(token, [key.jwk], idp.algorithms), claims);
  const other = await RequestKey.fresh();
  await assert.rejects(verified(token, [other.jwk], idp.algorithms), TokenRefused);
  await assert.rejects(verified(token, [key.jwk], ['RS256']), TokenRefused);
  await assert.rejects(verified(`${token.slice(0, -4)}AAAA`, [key.jwk], idp.algorithms), TokenRefused);
  await assert.rejects(verified(token, [{ ...key.jwk, use: 'enc' }], idp.algorithms), TokenRefused);
});

test('counters go up from what was seen, and devices only write what is new', () => {
  const counter = new Counter();
  const [first, second] = counter.after([7 * 2 ** 20 + 5], 2);
  assert.deepEqual([Math.floor(first / 2 ** 20), Math.floor(second / 2 ** 20), first % 2 ** 20], [8, 9, second % 2 ** 20]);
  assert.equal(Math.floor(counter.after([], 1)[0] / 2 ** 20), 10);
  assert.deepEqual(numbered(3, 2).map((seq) => Math.floor(seq / 2 ** 20)), [3, 4]);
  const known = {
    items: [
      { day: '2026-11-01', kind: 'pulse', value: '60', source: 'device' },
      { day: '2026-11-02', kind: 'pulse', value: '60', source: 'typed' },
    ],
    deleted: [{ day: '2026-11-03', kind: 'pulse', seq: 1 }],
  };
  const measured = ['60.0', '61', '62', '63'].map((value, at) => ({ day: `2026-11-0${at + 1}`, kind: 'pulse', value }));
  assert.deepEqual(news(measured, known).map((one) => one.day), ['2026-11-04']);
});

test('messages link where the deployment says', () => {
  const key = (size = 32) => b64u(random(size));
  const hosts = ['gateway', 'keyvault', 'identity', 'anon-data', 'programs'];
  const example = {
    insurer: '06139999',
    origins: Object.fromEntries(hosts.map((host) => [host, `https://${host}.example`])),
    authorities: Object.fromEntries(hosts.slice(0, 3).map((host) => [host, { signing: key(), voprf: {}, unseal: {} }])),
    officers: { number: 1, officers: ['one', 'two'].map((id) => ({ id, key: key() })) },
    insurer_key: key(1216),
    portal: { origin: 'https://portal.example', rp_id: 'portal.example' },
  };
  const deployment = sdk.Deployment.read(utf8(JSON.stringify(example)));
  const links = ['https://portal.example', 'https://portal.example/a/b', 'https://portal.example/?x', 'https://portal.example.evil', 'https://other.example/a'];
  assert.deepEqual(links.map((one) => deployment.mayLink(one)), [true, true, false, false, false]);
  assert.deepEqual(deployment.sortedOrigins, Object.values(example.origins).sort());
  const broken = [
    { origins: { ...example.origins, gateway: 'http://localhost:80' } }, { origins: { ...example.origins, gateway: example.origins.identity } },
    { officers: { number: 1, officers: [example.officers.officers[0], example.officers.officers[0]] } }, { insurer_key: '' }, { authorities: {} },
  ];
  for (const one of broken) assert.throws(() => sdk.Deployment.read(utf8(JSON.stringify({ ...example, ...one }))), sdk.DeploymentRefused);
});

test('a statement for the tax return, with nothing that a spreadsheet runs', () => {
  const claim = { month: '2026-03-01', institution: { name: '=架空,医院', number: null }, kind: 'medical', ownPayment: 1200, estimated: true };
  const made = new sdk.Statement(2026, '架空 花子', [claim, { ...claim, month: '2025-12-01' }, { ...claim, month: '2026-01-01', kind: 'pharmacy' }]);
  assert.deepEqual([made.total, made.rows.map((row) => row.category)], [2400, ['医薬品購入', '診療・治療']]);
  assert.ok(made.csv.startsWith('\ufeff') && made.csv.includes(`"'=架空,医院"`) && made.csv.endsWith('2026-03,＊\r\n'));
});
