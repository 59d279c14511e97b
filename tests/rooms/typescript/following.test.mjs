// Rankings as they are published: server-sent events, however they arrive.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { of } from './vectors.mjs';

const { events, published } = await of('following');
const { HostUnavailable } = await of('errors');
const { utf8 } = await of('protocol/encoding');

async function* parts(text, size) {
  const bytes = utf8(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

test('events are the same in whatever parts they arrive', async () => {
  const text = 'retry: 7\r\n\r\n: still here\n\nevent: ranking\nid: 3\ndata: {"title":\ndata:"架空"}\n\ndata: x\r\n\r\nevent: cut off\ndata: 1\n';
  const wanted = [
    { name: 'retry', data: '7' },
    { name: 'ranking', data: '{"title":\n"架空"}' },
    { name: 'message', data: 'x' },
  ];
  for (const size of [1, 2, 5, 1000]) assert.deepEqual(await Array.fromAsync(events(parts(text, size))), wanted);
});

/** A store whose streams are these texts, one after the other; then it is quiet until it is told to stop. */
function store(...texts) {
  const asked = [];
  const listen = async (path, headers, signal) => {
    asked.push([path, headers]);
    const text = texts.shift();
    if (text instanceof Error) throw text;
    if (text !== undefined) return new Blob([text]).stream();
    return new ReadableStream({ start: (quiet) => signal.addEventListener('abort', () => quiet.error(signal.reason)) });
  };
  return { asked, store: () => ({ listen }) };
}
const ranking = (generation) => `event: ranking\nid: ${generation}\ndata: {"generation":${generation},"computed_at":1,"final":false}\n\n`;

test('each ranking once, also when the host goes away in between', async () => {
  const host = store(`retry: 1\n\n${ranking(3)}${ranking(3)}`, new HostUnavailable('programs'), `${ranking(3)}${ranking(4)}`);
  const enough = new AbortController();
  setTimeout(() => enough.abort(), 5_000).unref();
  const seen = [];
  for await (const generation of published(host.store, 'contest', enough.signal)) {
    seen.push(generation);
    if (generation === 4) setTimeout(() => enough.abort(), 20);
  }
  assert.deepEqual(seen, [3, 4]);
  assert.deepEqual(host.asked.map(([, headers]) => headers['Last-Event-ID']), [undefined, '3', '3', '4']);
  assert.equal(host.asked[0][0], '/contests/contest/events');
});

test('an answer that is none of ours is refused', async () => {
  const host = store('event: ranking\ndata: {"generation":"架空"}\n\n');
  await assert.rejects(published(host.store, 'contest', new AbortController().signal).next(), { type: 'malformed-answer' });
});
