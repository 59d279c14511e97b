/**
 * A member's ways in as the three authorities keep them: listed, changed on the member's word, confirmed. A device sends each authority what it
 * made itself, and never what another one answered.
 */

import type { Authorities } from './authorities.js';
import type { components } from './contracts/gateway.js';
import { HostRefused, HostUnavailable, KeyMaterialRefused, WarifuError } from './errors.js';
import { openLabel } from './protocol/own.js';
import { b64u, lp, sha256, unb64u, type Bytes } from './protocol/encoding.js';
import { AUTHORITIES, ofAuthorities, type AuthorityName, type ByAuthority } from './protocol/names.js';
import { storedMessage } from './protocol/release.js';
import { OpenError } from './protocol/sealing.js';
import { verify } from './protocol/signing.js';
import type { JsonObject } from './protocol/strict-json.js';
import type { Way } from './ways.js';
import { dump, type Wire } from './wire.js';

type Verifier = components['schemas']['Verifier'];

/** A way to sign in, as the authorities list it. Ids are base64url, times seconds since 1970, null where there is no limit. */
export interface WayIn {
  readonly id: string;
  readonly kind: 'oidc' | 'passkey' | 'letter' | 'card';
  /** What the member calls it; null where nobody named it, or the name does not open. */
  readonly label: string | null;
  /** Whether all three authorities have it and know of each other that they have. */
  readonly confirmed: boolean;
  /** Set for a recovery: until then it opens nothing, and can be cancelled. */
  readonly effectiveFrom: number | null;
  readonly expires: number | null;
  /** Set for a guardian's. It is the same far day for everybody: the insurer ends a guardianship on the day itself. */
  readonly guardianUntil: number | null;
}

/** What one authority is told of a change. */
export interface Change {
  readonly action: 'add' | 'remove' | 'cancel-recovery';
  /** Base64url of 16 bytes. */
  readonly id: string;
  readonly verifier?: object;
  readonly label?: string;
}

/** Whether this is a recovery that has not taken effect. */
export function waits(way: WayIn, now: number): boolean {
  return way.effectiveFrom !== null && way.effectiveFrom > now;
}

/** All ways in, in the order of their ids, with the names that this device can open. */
export async function listed(authorities: Authorities, mailbox: Bytes): Promise<WayIn[]> {
  const answers = await ofAuthorities((host) => listAt(authorities, host));
  return merged(AUTHORITIES.map((host) => answers[host]), mailbox);
}

/** Confirms what was added and not confirmed everywhere, and returns the recoveries that wait. Authorities that are down are left to the next login. */
export async function finish(wire: Wire, authorities: Authorities): Promise<WayIn[]> {
  const answers = await Promise.allSettled(AUTHORITIES.map((host) => listAt(authorities, host)));
  const failed = answers.find((answer) => answer.status === 'rejected' && !(answer.reason instanceof HostUnavailable));
  if (failed?.status === 'rejected') throw failed.reason;
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  if (found.length === AUTHORITIES.length) {
    for (const id of halfConfirmed(found)) await confirmAgain(wire, authorities, id);
  }
  return (await merged(found, null)).filter((way) => waits(way, wire.clock()));
}

/** Lets the member prove exactly this change, and makes it at all three. */
export async function change(wire: Wire, authorities: Authorities, changes: ByAuthority<Change>, proving: Way): Promise<ByAuthority<JsonObject>> {
  const raw = await ofAuthorities((host) => dump(changes[host]));
  const hashes = await ofAuthorities((host) => sha256(raw[host]));
  const body = lp('change', ...AUTHORITIES.map((host) => hashes[host]));
  const statement = await authorities.statement(changes.gateway.action, body);
  const evidence = await proving.prove(statement, wire);
  return atAllThree((host) =>
    authorities.call(host, 'POST', '/verifiers/changes', {
      statement: b64u(statement.raw),
      evidence: evidence.proofs[host],
      change: b64u(raw[host]),
      others: Object.fromEntries(AUTHORITIES.filter((other) => other !== host).map((other) => [other, b64u(hashes[other])])),
    }),
  );
}

/**
 * Stores a way in at all three and confirms it; false when some authority could not be told that the others have it. The next login tells it.
 * What is stored signs in all the same.
 */
export async function add(wire: Wire, authorities: Authorities, additions: ByAuthority<Change>, proving: Way): Promise<boolean> {
  const { id } = additions.gateway;
  const answers = await change(wire, authorities, additions, proving);
  const receipts = await ofAuthorities((host) => receiptOf(wire, authorities, host, id, answers[host]['stored'] as JsonObject));
  try {
    await confirm(authorities, id, receipts);
    return true;
  } catch (error) {
    if (error instanceof HostUnavailable) return false;
    throw error;
  }
}

async function listAt(authorities: Authorities, host: AuthorityName): Promise<Verifier[]> {
  const { verifiers } = await authorities.call(host, 'GET', '/verifiers');
  if (!Array.isArray(verifiers)) throw new HostRefused(host, 'malformed-answer', 200);
  return verifiers as unknown as Verifier[];
}

/** Joins the lists by id and kind: what only some of them list is not confirmed. */
async function merged(found: readonly Verifier[][], mailbox: Bytes | null): Promise<WayIn[]> {
  const together = new Map<string, Verifier[]>();
  for (const one of found.flat()) {
    const key = `${one.id} ${one.kind}`;
    together.set(key, [...(together.get(key) ?? []), one]);
  }
  return Promise.all([...together.keys()].sort().map((key) => wayIn(together.get(key) ?? [], mailbox)));
}

async function wayIn(seen: readonly Verifier[], mailbox: Bytes | null): Promise<WayIn> {
  const [first] = seen as [Verifier];
  const names = await Promise.all(seen.map((one) => nameOf(one, mailbox)));
  const times = (name: 'not_before' | 'expires' | 'guardian_until'): number[] => seen.map((one) => one[name] ?? null).filter((one) => one !== null);
  return {
    id: first.id,
    kind: first.kind,
    label: names.find((name) => name !== null) ?? null,
    confirmed: seen.length === AUTHORITIES.length && seen.every((one) => one.confirmed),
    effectiveFrom: times('not_before').reduce<number | null>((latest, one) => Math.max(latest ?? one, one), null),
    expires: earliest(times('expires')),
    guardianUntil: earliest(times('guardian_until')),
  };
}

function earliest(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.min(...times);
}

async function nameOf(one: Verifier, mailbox: Bytes | null): Promise<string | null> {
  if (!one.label || mailbox === null) return null;
  try {
    return await openLabel(unb64u(one.label), mailbox, unb64u(one.id, 16));
  } catch (error) {
    if (error instanceof OpenError) return null;
    throw error;
  }
}

/** What all three list, of the kinds that members add, and somebody does not count yet. */
function halfConfirmed(found: readonly Verifier[][]): string[] {
  const held = found.map((one) => new Map(one.filter(({ kind }) => kind === 'passkey' || kind === 'card').map((way) => [way.id, way])));
  const [first = new Map<string, Verifier>()] = held;
  const everywhere = [...first.keys()].filter((id) => held.every((one) => one.has(id)));
  return everywhere.filter((id) => !held.every((one) => one.get(id)?.confirmed)).sort();
}

/** Asks for the receipts anew and confirms; a host that is down, or a removal on another device, leaves it to the next login. */
async function confirmAgain(wire: Wire, authorities: Authorities, id: string): Promise<void> {
  try {
    const receipts = await atAllThree(async (host) =>
      receiptOf(wire, authorities, host, id, await authorities.call(host, 'POST', `/verifiers/${id}/receipt`)),
    );
    await confirm(authorities, id, receipts);
  } catch (error) {
    const removed = error instanceof HostRefused && error.type === 'verifier-unknown';
    if (!removed && !(error instanceof HostUnavailable)) throw error;
  }
}

/** The receipt once it verifies under the key pinned for `host`, for this session and verifier. */
async function receiptOf(wire: Wire, authorities: Authorities, host: AuthorityName, id: string, stored?: JsonObject | null): Promise<string> {
  if (stored?.['id'] !== id) throw new KeyMaterialRefused(host, 'a receipt for another way to sign in');
  try {
    const receipt = unb64u(stored['receipt'], 64);
    await verify(wire.deployment.signingKeys[host], receipt, storedMessage(host, authorities.jkt, unb64u(id, 16)));
    return b64u(receipt);
  } catch {
    throw new KeyMaterialRefused(host, 'a receipt that does not verify');
  }
}

async function confirm(authorities: Authorities, id: string, receipts: ByAuthority<string>): Promise<void> {
  await atAllThree((host) => authorities.call(host, 'POST', `/verifiers/${id}/confirmation`, { receipts }));
}

/** Lets all three finish; then returns their answers, or throws what says most: a refusal before an absence. */
async function atAllThree<T>(call: (host: AuthorityName) => Promise<T>): Promise<ByAuthority<T>> {
  const answers = await Promise.allSettled(AUTHORITIES.map(call));
  const errors = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
  if (errors.length > 0) throw errors.sort((one, other) => severity(one) - severity(other))[0];
  const values = answers.map((answer) => (answer as PromiseFulfilledResult<T>).value);
  return Object.fromEntries(AUTHORITIES.map((host, at) => [host, values[at]])) as ByAuthority<T>;
}

function severity(error: unknown): number {
  if (!(error instanceof WarifuError)) return 0;
  return error instanceof HostUnavailable ? 2 : 1;
}
