/** The deployment that this portal belongs to, and its time: the portal's own server tells both, because devices' clocks are often wrong. */

import { Client, Deployment } from 'warifu';

const CLIENT = 'portal';
const SIGNED_IN = '/signed-in/';
const PATIENCE_MS = 20_000;

export interface House {
  readonly deployment: Deployment;
  readonly client: Client;
  /** Where the group's provider leads back to. */
  readonly signedIn: string;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
}

/** Asks the portal's server; throws what `fetch` throws, and DeploymentRefused. */
export async function enter(): Promise<House> {
  const answer = await fetch('/deployment.json', { cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new TypeError('the portal does not answer');
  const told = Date.parse(answer.headers.get('Date') ?? '');
  const ahead = Number.isNaN(told) ? 0 : Date.now() - told;
  const deployment = Deployment.read(new Uint8Array(await answer.arrayBuffer()));
  const now = (): number => Date.now() - ahead;
  const signedIn = location.origin + SIGNED_IN;
  const client = new Client(deployment, { clientId: CLIENT, redirectUri: signedIn, clock: () => Math.floor(now() / 1000) });
  return { deployment, client, signedIn, now };
}
