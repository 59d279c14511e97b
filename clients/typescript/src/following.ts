/** Being told of new rankings: server-sent events (WHATWG HTML, section 9.2) of programs, listened to again whenever they end. */

import type { components } from './contracts/programs.js';
import { HostRefused, HostUnavailable } from './errors.js';
import { utf8 } from './protocol/encoding.js';
import { isObject, read } from './protocol/strict-json.js';
import type { Store } from './stores.js';

export type OwnRanking = components['schemas']['OwnRanking'];

/** The host sends a comment every fifteen seconds. */
const PATIENCE_MS = 45_000;
/** Before listening again, until the host names another time. */
const RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;
/** The generation that is known where none is. */
const NOTHING = -1;

interface Event {
  readonly name: string;
  readonly data: string;
}

/**
 * Yields the generation of each ranking of a contest that is published, once, until `signal` ends it: ends that the network or the host makes are
 * not seen. `store` gives the mailbox as it is at the time, so that a session that has ended listens no more. Refusals are thrown.
 */
export async function* published(store: () => Store, contest: string, signal: AbortSignal): AsyncGenerator<number> {
  let known = NOTHING;
  let retry = RETRY_MS;
  while (!signal.aborted) {
    const silent = new AbortController();
    const either = AbortSignal.any([signal, silent.signal]);
    try {
      const headers: Record<string, string> = known === NOTHING ? {} : { 'Last-Event-ID': String(known) };
      const opened = await store().listen(`/contests/${contest}/events`, headers, either);
      for await (const { name, data } of events(bounded(opened, silent))) {
        if (name === 'retry' && /^[0-9]{1,9}$/.test(data)) retry = Math.min(Number(data), LONGEST_RETRY_MS);
        if (name !== 'ranking') continue;
        const generation = generationOf(data);
        if (generation <= known) continue;
        known = generation;
        yield known;
      }
    } catch (error) {
      if (!(error instanceof HostUnavailable)) throw error;
    }
    await pause(retry, signal);
  }
}

/** The bytes of a stream; one that says nothing for too long, or breaks, is a host that is not there. */
async function* bounded(stream: ReadableStream<Uint8Array>, silent: AbortController): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const late = setTimeout(() => silent.abort(), PATIENCE_MS);
      const { done, value } = await reader.read().finally(() => clearTimeout(late));
      if (done) return;
      yield value;
    }
  } catch {
    throw new HostUnavailable('programs');
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Events by name with their data, and `retry` with its milliseconds; comments and what is unfinished are left out. */
export async function* events(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Event> {
  const text = new TextDecoder();
  let [rest, name, data] = ['', 'message', [] as string[]];
  for await (const part of bytes) {
    const lines = (rest + text.decode(part, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (line === '') {
        if (data.length > 0) yield { name, data: data.join('\n') };
        [name, data] = ['message', []];
      } else if (field === 'event') name = value;
      else if (field === 'data') data.push(value);
      else if (field === 'retry') yield { name: field, data: value };
    }
  }
}

function generationOf(data: string): number {
  try {
    const said = read(utf8(data));
    const generation = isObject(said) ? said['generation'] : null;
    if (typeof generation === 'number') return generation;
  } catch {
    // Said below, without what was sent.
  }
  throw new HostRefused('programs', 'malformed-answer', 200);
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((done) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
  });
}
