// A member's page: the SDK as a browser loads it, and what the tests ask of it.

import { Installations, PlatformPasskeys, Popup } from '/dist/browser.js';
import { Client, CodeWay, Deployment } from '/dist/index.js';
import { b64u, random, unb64u } from '/dist/protocol/encoding.js';

const deployment = Deployment.read(new Uint8Array(await (await fetch('/deployment.json')).arrayBuffer()));
const client = new Client(deployment, { redirectUri: `${location.origin}/callback` });
const installations = new Installations();
let session = null;

/** Opens a window when the button is pressed, as browsers ask, and goes to two pages in it, one after the other. */
document.getElementById('group').addEventListener('click', async () => {
  const agent = new Popup(`${location.origin}/answered`);
  const answers = [];
  for (const step of ['1', '2']) {
    answers.push(await agent.visit(`${globalThis.provider}/authorize?${new URLSearchParams({ redirect_uri: agent.redirectUri, step })}`));
  }
  agent.close();
  globalThis.answers = answers;
});

/** Opens a window that leads nowhere, and gives up. */
document.getElementById('give-up').addEventListener('click', () => {
  const agent = new Popup(`${location.origin}/answered`);
  agent.visit(`${location.origin}/callback`).catch((error) => (globalThis.failed = error.name));
  agent.close();
});

globalThis.sdk = {
  async signIn(code) {
    session = await client.signIn(new CodeWay(code));
    return session.profile.name;
  },
  call: (name, ...args) => session[name](...args),
  async keepInstallation() {
    const made = await session.registerInstallation();
    await installations.keep(made);
    const { key } = made.kept;
    return key.extractable;
  },
  async walkInBackground(day, steps) {
    const [id] = await installations.ids();
    const written = await Promise.all(steps.map((one) => installations.putSteps(id, deployment, [{ day, steps: one }])));
    return written.flatMap(({ results }) => results.map(({ result }) => result));
  },
  async passkey(rpId, challenge) {
    const passkeys = new PlatformPasskeys();
    const made = await passkeys.create(rpId, location.origin, { challenge: random(32), userHandle: random(32), name: '架空' });
    const used = await passkeys.get(rpId, location.origin, { challenge: unb64u(challenge), allow: [made.id] });
    const { credentialId, authenticatorData, clientData, signature } = used;
    return [made.id, made.publicKey, credentialId, authenticatorData, clientData, signature].map(b64u);
  },
};
