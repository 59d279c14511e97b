// What the portal's modules make of the vectors: a JSON object from standard input, answers to standard output.

import { b64u, lp, unb64u, utf8 } from '../../../clients/portal/site/protocol/encoding.js';
import { CodeError, grouped, isPin, parse, shown, withPin } from '../../../clients/portal/site/protocol/code.js';
import { DpopKey } from '../../../clients/portal/site/protocol/dpop.js';
import { hashOf, signIn, signInBody } from '../../../clients/portal/site/protocol/statement.js';

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const bytes = (text) => new Uint8Array(Buffer.from(text, 'hex'));

const fault = (text) => {
  try {
    return { code: hex(parse(text)) };
  } catch (error) {
    if (!(error instanceof CodeError)) throw error;
    return { fault: error.fault, group: error.group };
  }
};

const keys = async ({ code, text, pin, h, hosts }) => {
  const secret = parse(text);
  const material = pin === null ? secret : await withPin(secret, pin);
  const made = {};
  for (const host of hosts) {
    const { handle, signature } = await shown(secret, material, host, bytes(h));
    made[host] = { handle: hex(handle), signature: hex(signature) };
  }
  return { code, read: hex(secret), printed: grouped(text.toLowerCase()), made };
};

const ask = {
  keys: (given) => Promise.all(given.map(keys)),
  parse: (given) => given.map(fault),
  pins: (given) => given.map(isPin),
  lp: (given) => given.map(({ name, fields }) => hex(lp(name, ...fields.map((field) => ('str' in field ? field.str : bytes(field.bytes)))))),
  b64u: (given) => given.map((text) => b64u(bytes(text))),
  unb64u: (given) => given.map(({ text, length }) => unb64u(text, length) !== null),
  hashes: (given) => Promise.all(given.map(async (raw) => hex(await hashOf(utf8(raw))))),
  signIn: async ({ reference, ...facts }) => ({
    body: hex(signInBody(bytes(reference))),
    raw: new TextDecoder().decode(
      await signIn({ ...facts, reference: bytes(reference), jkt: bytes(facts.jkt), nonce: bytes(facts.nonce) }),
    ),
  }),
  dpop: async ({ method, url, now }) => {
    const key = await DpopKey.fresh();
    return { proof: await key.proof(method, url, now), jkt: hex(key.thumbprint), extractable: key.key.extractable };
  },
};

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const answers = {};
for (const [name, given] of Object.entries(JSON.parse(Buffer.concat(chunks).toString()))) answers[name] = await ask[name](given);
process.stdout.write(JSON.stringify(answers));
