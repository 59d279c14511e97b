/** One way to all hosts, and what their refusals mean. */

import { EvidenceRefused, HostRefused, HostUnavailable, SessionEnded, type WarifuError } from './errors.js';
import type { Deployment } from './protocol/deployment.js';
import { utf8, type Bytes } from './protocol/encoding.js';
import type { HostName } from './protocol/names.js';
import { isObject, read, type JsonObject } from './protocol/strict-json.js';

/** Seconds since 1970. */
export type Clock = () => number;
/** What sends requests: the platform's own `fetch`, or one that an application wraps. */
export type Fetch = (url: string, how: RequestInit) => Promise<Response>;
/** Makes the headers of one try: a host accepts a proof once. */
export type Headers = () => Promise<Record<string, string>>;
export type Form = Record<string, string | readonly string[]>;
/** What a request says, and until when anybody waits for its answer. */
export interface Content {
  readonly body?: Bytes;
  readonly form?: Form;
  readonly until?: AbortSignal;
}

const SLUG = /^[a-z0-9]+([-_][a-z0-9]+)*$/;
const TRIES = 3;
/** Seconds that a host may ask for between two tries; who asks for more is not asked again. */
const LONGEST_PAUSE = 5;
const PATIENCE_MS = 30_000;
const EVIDENCE = ['evidence-refused', 'evidence-replayed', 'statement-refused'];
/** No cookie, no cache, no redirect, and nothing said of the page that asks. */
const PLAIN: RequestInit = { credentials: 'omit', cache: 'no-store', redirect: 'error', referrerPolicy: 'no-referrer' };
/** A page of a browser is not shown where a redirect leads unless it follows. */
const FOLLOWS = 'document' in globalThis || 'WorkerGlobalScope' in globalThis;

export function systemClock(): number {
  return Math.floor(Date.now() / 1000);
}

/** Requests to the five hosts at their pinned origins. */
export class Wire {
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly #fetch: Fetch;

  constructor(deployment: Deployment, clock: Clock = systemClock, fetched: Fetch = (url, how) => fetch(url, how)) {
    this.deployment = deployment;
    this.clock = clock;
    this.#fetch = fetched;
  }

  url(host: HostName, path: string): string {
    return this.deployment.origins[host] + path;
  }

  /**
   * Sends one request and returns the object that it was answered with, or an empty one where there was nothing to say; throws what a
   * refusal means. A host that says when to ask again (503 or 429 with Retry-After) is asked again, twice at most: every call may be repeated.
   */
  async send(host: HostName, method: string, path: string, headers: Headers, content: Content = {}): Promise<JsonObject> {
    for (let left = TRIES - 1; ; left -= 1) {
      const sent: Record<string, string> = { Accept: 'application/json', ...(await headers()) };
      if (content.body) sent['Content-Type'] = 'application/json';
      const body = content.body ?? (content.form && parameters(content.form));
      const answer = await this.ask(host, this.url(host, path), { method, headers: sent, ...(body && { body }) }, content.until);
      const seconds = retryAfter(answer);
      if (left === 0 || seconds === null) return contentOf(host, answer);
      await new Promise((done) => setTimeout(done, seconds * 1000));
    }
  }

  /** Opens a stream of server-sent events, which lasts until either end has enough. */
  async listen(host: HostName, path: string, headers: Record<string, string>, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const answer = await this.ask(host, this.url(host, path), { headers: { Accept: 'text/event-stream', ...headers }, signal });
    if (answer.ok && answer.body) return answer.body;
    await contentOf(host, answer);
    throw new HostRefused(host, 'malformed-answer', answer.status);
  }

  /** Asks any URL; throws HostUnavailable, which names whose it is, also where `until` ends it. */
  async ask(whose: string, url: string, how: RequestInit, until?: AbortSignal): Promise<Response> {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    try {
      return await this.#fetch(url, { ...PLAIN, signal: until ? AbortSignal.any([patience, until]) : patience, ...how });
    } catch {
      throw new HostUnavailable(whose);
    }
  }

  /** The address that a page of the gateway leads to at once; null where it does not lead on. */
  async leadsTo(url: string): Promise<string | null> {
    const answer = await this.ask('gateway', url, { redirect: FOLLOWS ? 'follow' : 'manual' });
    if (answer.status >= 500) throw new HostUnavailable('gateway');
    if (FOLLOWS) return answer.redirected ? answer.url : null;
    return answer.status === 303 ? answer.headers.get('Location') : null;
  }
}

/** The JSON body of a message; members that are undefined are left out. */
export function dump(message: object): Bytes {
  return utf8(JSON.stringify(message));
}

export function parameters(form: Form): URLSearchParams {
  const pairs = Object.entries(form).flatMap(([name, value]) => (typeof value === 'string' ? [value] : value).map((one) => [name, one]));
  return new URLSearchParams(pairs);
}

async function contentOf(host: string, answer: Response): Promise<JsonObject> {
  const found = await objectOf(answer);
  if (answer.status >= 500) throw new HostUnavailable(host);
  if (!answer.ok) throw refusal(host, answer.status, found);
  if (found === null) throw new HostRefused(host, 'malformed-answer', answer.status);
  return found;
}

/** The object of an answer, an empty one where it has no content, null where it is something else. */
export async function objectOf(answer: Response): Promise<JsonObject | null> {
  try {
    const raw = new Uint8Array(await answer.arrayBuffer());
    const found = raw.length === 0 ? {} : read(raw);
    return isObject(found) ? found : null;
  } catch {
    return null;
  }
}

function retryAfter(answer: Response): number | null {
  const said = answer.headers.get('Retry-After') ?? '';
  if ((answer.status !== 429 && answer.status !== 503) || !/^[0-9]{1,4}$/.test(said)) return null;
  return Number(said) <= LONGEST_PAUSE ? Number(said) : null;
}

function refusal(host: string, status: number, said: JsonObject | null): WarifuError {
  const named = said?.['type'] ?? said?.['error'];
  // Anything that does not look like a name of ours is not shown.
  const slug = typeof named === 'string' && named.length <= 64 && SLUG.test(named) ? named : 'unknown';
  if (slug === 'session-ended') return new SessionEnded();
  return EVIDENCE.includes(slug) ? new EvidenceRefused(slug, host) : new HostRefused(host, slug, status);
}
