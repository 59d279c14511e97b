/** The part of a session in which a member agrees to something, and lets somebody of the household read. */

import { ReadsClaims } from './claims-session.js';
import type { components } from './contracts/anon-data.js';
import { b64u } from './protocol/encoding.js';
import { ViewCode } from './protocol/view-code.js';
import { withPin } from './ways.js';

type Schemas = components['schemas'];
export type ConsentText = Schemas['ConsentText'];
export type ConsentState = Schemas['ConsentState'];
export type ConsentPurpose = ConsentText['purpose'];
export type ViewGiven = Schemas['ViewGiven'];
export type Shown = Schemas['GiveView']['shows'][number];

/** What is handed to whoever may read. The code goes from screen to camera, the PIN is told; neither goes to a host. */
export interface GivenView {
  readonly code: ViewCode;
  readonly until: string;
}

export class Agrees extends ReadsClaims {
  /** What the member is asked, one text a purpose: show it before `giveConsent`. */
  async consentTexts(): Promise<ConsentText[]> {
    return (await this.ask<Schemas['ConsentTexts']>('anon-data', 'GET', '/consents')).texts;
  }

  /** What the member decided about each purpose. */
  async consents(): Promise<ConsentState[]> {
    return (await this.ask<Schemas['Consents']>('anon-data', 'GET', '/me/consents')).consents;
  }

  /** Agrees to a text that was shown; one that is no longer the newest is refused (`consent-text`). */
  async giveConsent(text: Pick<ConsentText, 'purpose' | 'version'>): Promise<void> {
    await this.#decide(text.purpose, { given: true, version: text.version });
  }

  /** Withdraws a consent. What was kept under it alone goes at once: views of the household, marks of portal use. */
  async withdrawConsent(purpose: ConsentPurpose): Promise<void> {
    await this.#decide(purpose, { given: false, version: 1 });
  }

  /**
   * Lets whoever has the code that is returned, and the PIN, read without signing in until that day. Needs the consent `household`; ends with it,
   * by `endView`, and when the member's keys are changed.
   */
  async giveView(shows: readonly Shown[], pin: string, until: string): Promise<GivenView> {
    const code = ViewCode.fresh();
    const { thumbprint } = await withPin(() => code.key(pin));
    const message = { handle: b64u(await code.handle()), jkt: b64u(thumbprint), shows: [...new Set(shows)].sort(), until };
    await this.ask('anon-data', 'PUT', '/me/views', { message });
    return { code, until };
  }

  /** The views that the member gave; to whom is known to the member alone. */
  async views(): Promise<ViewGiven[]> {
    return (await this.ask<Schemas['ViewsGiven']>('anon-data', 'GET', '/me/views')).views;
  }

  /** Ends a view; what somebody has read already they have read. */
  async endView(handle: string): Promise<void> {
    await this.ask('anon-data', 'POST', '/me/views/endings', { message: { handle } });
  }

  async #decide(purpose: ConsentPurpose, message: Schemas['PutConsent']): Promise<void> {
    await this.ask('anon-data', 'PUT', `/me/consents/${purpose}`, { message });
  }
}
