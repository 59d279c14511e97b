// A sign-in that leaves the page: what is kept meanwhile, and what is refused on the way back.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { of } from './vectors.mjs';

const { SessionKeys } = await of('secrets');
const { Leg } = await of('oauth');
const { leaving, comingBack } = await of('away');
const { Wire } = await of('wire');
const { b64u, equal, unb64u } = await of('protocol/encoding');
const { hashOf } = await of('protocol/statement');
const sdk = await of('index');

const [ISSUER, NOW] = ['https://group.example', 1_800_000_000];
const APP = { clientId: 'portal', redirectUri: 'https://portal.example/signed-in/' };
const METADATA = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: `${ISSUER}/keys`,
};

/** A wire to a provider that is asked for nothing but its metadata, and whom it asked. */
function wire({ now = NOW, more = [] } = {}) {
  const asked = [];
  const deployment = {
    origins: { gateway: 'https://gateway.example' },
    sortedOrigins: ['https://gateway.example'],
    groupIdps: [{ issuer: ISSUER, evidenceClient: 'evidence', algorithms: ['ES256'] }, ...more],
  };
  const fetched = async (url) => {
    asked.push(url);
    return new Response(JSON.stringify(METADATA));
  };
  return { asked, wire: new Wire(deployment, () => now, fetched) };
}

test('keys that are kept are the same again, and no script reads them', async () => {
  const { keys, kept } = await SessionKeys.away();
  const sealed = await sealedTo(keys);
  keys.box.erase();
  const back = await SessionKeys.back(structuredClone(kept));
  assert.ok(equal(back.jkt, keys.jkt) && equal(back.hpke.publicBytes, keys.hpke.publicBytes));
  assert.equal(new TextDecoder().decode(await back.hpke.open(sealed, new Uint8Array(1))), 'fictional');
  for (const key of [kept.dpop, kept.wrapping]) assert.equal(key.extractable, false);
  kept.sealed[0] ^= 1;
  await assert.rejects(SessionKeys.back(kept));
});

async function sealedTo(keys) {
  const { sealXWing } = await of('protocol/sealing');
  return sealXWing(keys.hpke.publicBytes, new TextEncoder().encode('fictional'), new Uint8Array(1));
}

test('the statement is what the provider is asked to sign, and its secrets stay', async () => {
  const { url, kept } = await leaving(wire().wire, APP, { place: 2 });
  const asked = new URL(url).searchParams;
  assert.equal(asked.get('nonce'), b64u(await hashOf(kept.statement)));
  assert.equal(asked.get('redirect_uri'), APP.redirectUri);
  assert.equal(asked.get('code_challenge'), await new Leg(kept.leg).challenge());
  assert.equal(unb64u(kept.leg.verifier).length, 32);
  assert.ok(!url.includes(kept.leg.verifier));
  assert.deepEqual([kept.place, kept.issuer, kept.began, kept.evidence], [2, ISSUER, NOW, null]);
});

test('an answer to another request is refused before anything is redeemed', async () => {
  const away = await leaving(wire().wire, APP, {});
  const { asked, wire: later } = wire();
  await assert.rejects(comingBack(later, APP, away, '?code=c&state=another'), sdk.SignInFailed);
  await assert.rejects(comingBack(later, APP, away, `?code=c&state=${away.kept.leg.state}&state=another`), sdk.SignInFailed);
  await assert.rejects(comingBack(later, APP, away, `?code=c&state=${away.kept.leg.state}&iss=https://another.example`), sdk.SignInFailed);
  assert.deepEqual(asked.filter((url) => url.endsWith('/token')), []);
});

test('whoever comes back after ten minutes begins anew', async () => {
  const away = await leaving(wire().wire, APP, {});
  const { asked, wire: late } = wire({ now: NOW + 600 });
  await assert.rejects(comingBack(late, APP, away, `?code=c&state=${away.kept.leg.state}`), /too long/);
  assert.deepEqual(asked, []);
});

test('with several providers one is named', async () => {
  const other = { issuer: 'https://other.example', evidenceClient: 'evidence', algorithms: ['ES256'] };
  const several = wire({ more: [other] }).wire;
  await assert.rejects(leaving(several, APP, {}), sdk.SignInFailed);
  assert.equal((await leaving(several, APP, { issuer: ISSUER })).kept.issuer, ISSUER);
});
