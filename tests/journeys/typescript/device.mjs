// A member's device on Node, told line by line on standard input what to do; answers each line with one.

import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

const BUILT = new URL('../../../clients/typescript/dist/', import.meta.url);
const { Card, Client, CodeWay, Deployment, Group } = await import(new URL('index.js', BUILT).href);
const { exportArchive } = await import(new URL('archive/index.js', BUILT).href);
const { Loopback } = await import(new URL('node.js', BUILT).href);

const [, , file] = process.argv;
const deployment = Deployment.read(new Uint8Array(await readFile(file)));
let jumped = 0;
const clock = () => Math.floor(Date.now() / 1000) + jumped;
let lost = null;
let changed = null;
/** The platform's own way, on which one host can be lost, and one member of its answers can be replaced. */
const onTheWay = async (url, how) => {
  if (lost !== null && url.startsWith(lost)) throw new TypeError('lost');
  const answer = await fetch(url, how);
  if (changed === null || !url.startsWith(changed.url) || !answer.ok) return answer;
  return new Response(JSON.stringify({ ...(await answer.json()), ...changed.by }));
};
const client = new Client(deployment, { clock, fetch: onTheWay });
let session = null;

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const CALLS = {
  async signIn({ code, pin = null }) {
    session = await client.signIn(new CodeWay(code, pin));
  },
  async signInAtGroup() {
    await using agent = await Loopback.listen((url) => say({ visit: url, redirect: agent.redirectUri }));
    session = await client.signIn(new Group(agent));
  },
  async addCard({ pin, label, proving }) {
    const card = Card.fresh();
    const added = await session.addCard(card, pin, new CodeWay(proving.code, proving.pin ?? null), label);
    return { ...added, text: card.text };
  },
  profile: () => session.profile,
  order: (cart, address) => session.order(new Map(cart), address),
  async details(at) {
    return session.details((await session.checkups()).checkups[at]);
  },
  async inBackground(days) {
    const installation = await session.registerInstallation();
    await session.logOff();
    return installation.putSteps(deployment, days, { clock });
  },
  jump: (seconds) => {
    jumped += seconds;
  },
  ended: () => session.ended,
  waiting: () => Object.fromEntries(session.mailboxRecoveries),
  losing: (host) => {
    lost = deployment.origins[host];
  },
  async archive(now) {
    return Buffer.from(await exportArchive(session, new Date(now))).toString('base64url');
  },
  async openings(pause) {
    const found = await session.openings(pause);
    const listed = found.openings.map((one) => ({ ...one, hosts: [...one.hosts], missing: [...one.missing] }));
    const cosigners = Object.fromEntries([...found.cosigners].map(([host, others]) => [host, [...others]]));
    return { ...found, openings: listed, cosigners, unavailable: [...found.unavailable] };
  },
  changing: (host, path, by) => {
    changed = host && { url: deployment.origins[host] + path, by };
  },
  async giveView(shows, pin, until) {
    return (await session.giveView(shows, pin, until)).code.text;
  },
  async viewed(code, pin) {
    return (await client.householdView(code, pin)).checkups();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { call, args } = JSON.parse(line);
  try {
    const value = call in CALLS ? await CALLS[call](...args) : await session[call](...args);
    say({ value: value ?? null });
  } catch (error) {
    const { name, message, type, reason, host, fault } = error;
    say({ error: { name, message, type, reason, host, fault } });
  }
}
