// The sign-in page: a gesture of the person's becomes a proof, and the browser goes on.

import { applicationOf, Deployment, endOf, referenceIn, Refused, signInWith } from '../gateway.js';
import { canSign, CHARACTERS, CodeError, folded, grouped, isPin, parse, shown, withPin } from '../protocol/code.js';
import { b64u } from '../protocol/encoding.js';
import { hasPasskeys, prove } from '../protocol/passkey.js';
import { canScan, scan } from './camera.js';
import { element, View } from './view.js';

/** @typedef {import('../protocol/encoding.js').Bytes} Bytes */
/** @typedef {import('./view.js').Said} Said */
/** @typedef {import('../gateway.js').Prove} Prove */

const view = new View();
const form = /** @type {HTMLFormElement} */ (element('form'));
const code = /** @type {HTMLTextAreaElement} */ (element('code'));
const pin = /** @type {HTMLInputElement} */ (element('pin'));
const video = /** @type {HTMLVideoElement} */ (element('video'));
const end = /** @type {HTMLAnchorElement} */ (element('end'));

/** @type {Deployment | null} */
let deployment = null;
let busy = false;
/** @type {AbortController | null} */
let scanning = null;

/** @type {Record<import('../gateway.js').Why, [Said, Said]>} */
const REFUSALS = {
  access_denied: [(w) => w.codeRefused, (w) => w.codeRefusedWhy],
  slow_down: [(w) => w.slow, (w) => w.slowWhy],
  invalid_grant: [(w) => w.gone, (w) => w.goneWhy],
  unreachable: [(w) => w.unreachable, (w) => w.unreachableWhy],
  unexpected: [(w) => w.unexpected, (w) => w.unexpectedWhy],
};
/** @type {[Said, Said]} */
const PASSKEY_REFUSED = [(w) => w.passkeyRefused, (w) => w.passkeyRefusedWhy];
/** @type {[Said, Said]} */
const PASSKEY_STOPPED = [(w) => w.passkeyStopped, (w) => w.passkeyStoppedWhy];
/** @type {[Said, Said]} */
const NOWHERE = [(w) => w.nowhere, (w) => w.nowhereWhy];
/** @type {[Said, Said]} */
const OLD = [(w) => w.old, (w) => w.oldWhy];

function isCard() {
  return new FormData(form).get('which') === 'card';
}

/**
 * Proves with `prove` and goes on; says what went wrong otherwise. Nothing that was entered is lost.
 * @param {Said} waiting
 * @param {Prove} prove
 * @param {(error: unknown) => [Said, Said] | null} failure
 */
async function signIn(waiting, prove, failure) {
  const reference = referenceIn(location.hash);
  if (busy || !reference) return;
  busy = true;
  view.fail(null);
  view.wait(waiting);
  try {
    deployment ??= await Deployment.load();
    const next = await signInWith(deployment, reference, prove);
    forget();
    view.say('status', (w) => w.onwards);
    // In the place of this page, so that going back does not lead to it.
    location.replace(next);
  } catch (error) {
    busy = false;
    view.wait(null);
    closeIfGone(error);
    view.fail(failure(error) ?? (error instanceof Refused ? REFUSALS[error.why] : REFUSALS.unexpected));
  }
}

/**
 * Asks for nothing any more where nothing could come of it.
 * @param {unknown} error
 */
function closeIfGone(error) {
  const gone = error instanceof Refused && error.why === 'invalid_grant';
  if (gone) element('ways').hidden = true;
  return gone;
}

function forget() {
  code.value = '';
  pin.value = '';
  count();
}

async function byPasskey() {
  await signIn(
    (w) => w.waitPasskey,
    (h) => prove(/** @type {Deployment} */ (deployment).rpId, h),
    (error) => {
      if (error instanceof DOMException) return PASSKEY_STOPPED;
      return error instanceof Refused && error.why === 'access_denied' ? PASSKEY_REFUSED : null;
    },
  );
}

async function byCode() {
  const secret = checkedCode();
  if (!secret) {
    code.focus();
    return;
  }
  const card = isCard();
  if (card && !isPin(pin.value)) {
    view.mark('pin', (w) => w.shortPin);
    pin.focus();
    return;
  }
  if (!(await canSign())) {
    view.fail(OLD);
    return;
  }
  await signIn(
    (w) => w.waitCode,
    async (h) => {
      const material = card ? await withPin(secret, pin.value) : secret;
      const made = await shown(secret, material, 'gateway', h);
      return { kind: 'code', handle: b64u(made.handle), signature: b64u(made.signature) };
    },
    () => null,
  );
}

/** The code, or null when it is none, which is then said beside the field. */
function checkedCode() {
  try {
    const secret = parse(code.value);
    view.mark('code', null);
    return secret;
  } catch (error) {
    if (!(error instanceof CodeError)) throw error;
    const { fault, group } = error;
    view.mark('code', (w) => (group === null ? w[fault] : `${w[fault]} ${w.group(group + 1)}`));
    return null;
  }
}

function count() {
  view.say('count', (w) => w.count([...folded(code.value)].length, CHARACTERS));
}

/** Checks and groups a code as soon as it is complete. Not when the field is left: that would move the button which is being pressed. */
function typed() {
  count();
  if ([...folded(code.value)].length < CHARACTERS) {
    view.mark('code', null);
    return;
  }
  if (code.selectionStart === code.value.length) code.value = grouped(code.value);
  checkedCode();
}

async function byCamera() {
  if (scanning) return;
  scanning = new AbortController();
  element('camera').hidden = false;
  element('scan').hidden = true;
  try {
    const found = await scan(video, scanning.signal);
    if (found !== null) {
      code.value = found;
      typed();
      view.say('status', (w) => w.scanned);
      (isCard() ? pin : element('use-code')).focus();
    } else {
      element('scan').hidden = false;
      element('scan').focus();
    }
  } catch {
    view.mark('code', (w) => w.camera);
    code.focus();
  } finally {
    scanning = null;
    element('camera').hidden = true;
    element('scan').hidden = false;
  }
}

function choose() {
  element('pin-field').hidden = !isCard();
  view.mark('pin', null);
}

/** Shows the ways in when the gateway gave a reference, and where to begin otherwise. */
async function open() {
  const reference = referenceIn(location.hash);
  element('ways').hidden = reference === null;
  view.fail(reference ? null : NOWHERE, { notice: true });
  if (!reference) return;
  element('passkey').hidden = !hasPasskeys();
  element('scan').hidden = !(await canScan());
  try {
    deployment ??= await Deployment.load();
    end.href = endOf(deployment, reference);
    end.hidden = false;
    const name = await applicationOf(deployment, reference);
    view.say('application', (w) => w.application(name));
  } catch (error) {
    if (!busy && closeIfGone(error)) view.fail(REFUSALS.invalid_grant);
    // Anything else is asked again with the first gesture, which says what is wrong.
  }
}

element('use-passkey').addEventListener('click', byPasskey);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void byCode();
});
form.addEventListener('change', choose);
code.addEventListener('input', (event) => {
  if (!(/** @type {InputEvent} */ (event).isComposing)) typed();
});
code.addEventListener('compositionend', typed);
code.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
pin.addEventListener('input', () => view.mark('pin', null));
element('show-pin').addEventListener('change', () => {
  pin.type = /** @type {HTMLInputElement} */ (element('show-pin')).checked ? 'text' : 'password';
});
element('scan').addEventListener('click', byCamera);
element('stop-scan').addEventListener('click', () => scanning?.abort());
addEventListener('hashchange', open);
addEventListener('pagehide', () => {
  scanning?.abort();
  forget();
});
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
count();
choose();
void open();
