/** Signing in. */

import { Authorities } from './authorities.js';
import { comingBack, leaving, type Away, type AwayFor } from './away.js';
import { isFresh, type Evidence } from './evidence.js';
import { signInBy, signInWith } from './gateway.js';
import { endEverywhere, IDLE_SECONDS, openedWith } from './lifetime.js';
import type { Deployment } from './protocol/deployment.js';
import { statementOf } from './protocol/statement.js';
import type { ViewCode } from './protocol/view-code.js';
import { SessionKeys } from './secrets.js';
import { MemberSession } from './session.js';
import { settle } from './settling.js';
import { HouseholdView } from './viewing.js';
import type { Way } from './ways.js';
import { systemClock, Wire, type Clock, type Fetch } from './wire.js';

export interface ClientOptions {
  /** What the gateway knows the application by. */
  readonly clientId?: string;
  /**
   * Where an answer leads that nobody is sent to. In a browser it is a page of the application's own origin, served with
   * `Access-Control-Allow-Origin: *`, because the browser shows only where a redirect ends that it follows.
   */
  readonly redirectUri?: string;
  readonly fetch?: Fetch;
  /** Seconds since 1970: an application whose device's clock is wrong tells the time here. */
  readonly clock?: Clock;
  /** Seconds without a call after which the keys go. */
  readonly idleSeconds?: number;
}

/** A member's device towards one deployment. */
export class Client {
  readonly #wire: Wire;
  readonly #app: { clientId: string; redirectUri: string };
  readonly #idle: number;

  constructor(deployment: Deployment, options: ClientOptions = {}) {
    this.#wire = new Wire(deployment, options.clock ?? systemClock, options.fetch);
    this.#app = { clientId: options.clientId ?? 'warifu-cli', redirectUri: options.redirectUri ?? 'http://127.0.0.1/callback' };
    this.#idle = options.idleSeconds ?? IDLE_SECONDS;
  }

  /**
   * Signs the person in and returns the open session. First the person proves a statement that names this session's fresh keys, then the gateway
   * signs them in, then the three authorities release their parts. At the very first sign-in the device also makes its own keys and claims both
   * mailboxes. All of it can be repeated after any failure.
   */
  async signIn(way: Way): Promise<MemberSession> {
    const wire = this.#wire;
    way.check(wire.deployment);
    const keys = await SessionKeys.fresh();
    try {
      let evidence = await this.#evidence(keys, way);
      const tokens = way.agent
        ? await signInBy(wire, this.#app, keys, way.agent, way.asked(wire.deployment))
        : await signInWith(wire, this.#app, keys, evidence);
      const authorities = new Authorities(wire, tokens, keys);
      try {
        // The person took their time; who vouches for them still knows them.
        if (!isFresh(evidence, wire.clock())) evidence = await this.#evidence(keys, way);
        return await this.#opened(authorities, evidence);
      } catch (error) {
        await endEverywhere(authorities);
        throw error;
      }
    } catch (error) {
      keys.box.erase();
      throw error;
    }
  }

  /**
   * Begins a sign-in with a work account that leaves the page, for browsers that open no window: keep what this returns (`Departure` of
   * `warifu/browser`), and go there.
   */
  leave(group: AwayFor = {}): Promise<Away> {
    return leaving(this.#wire, this.#app, group);
  }

  /** Goes on with the query that came back: an open session, or where to go next. What was kept is of no use afterwards, whatever happens. */
  async comeBack(away: Away, query: string): Promise<MemberSession | Away> {
    const arrived = await comingBack(this.#wire, this.#app, away, query);
    if ('url' in arrived) return arrived;
    const { keys, tokens, evidence } = arrived;
    const authorities = new Authorities(this.#wire, tokens, keys);
    try {
      return await this.#opened(authorities, evidence);
    } catch (error) {
      await endEverywhere(authorities);
      keys.box.erase();
      throw error;
    }
  }

  /**
   * What somebody of the household shows, by the code and PIN that they gave. Nobody signs in for it. Whoever reads it in the middle of a session
   * of their own shows anon-data, by time and network address, that the two may belong together.
   */
  householdView(code: string | ViewCode, pin: string): Promise<HouseholdView> {
    return HouseholdView.open(this.#wire, code, pin);
  }

  async #opened(authorities: Authorities, evidence: Evidence): Promise<MemberSession> {
    const settled = await settle(this.#wire, authorities, evidence);
    return new MemberSession(this.#wire, await openedWith(this.#wire, authorities, evidence, settled), this.#idle);
  }

  async #evidence(keys: SessionKeys, way: Way): Promise<Evidence> {
    const { deployment, clock } = this.#wire;
    const facts = { origins: deployment.sortedOrigins, now: clock(), jkt: keys.jkt, hpkePublic: keys.hpke.publicBytes };
    return way.prove(await statementOf({ purpose: 'release', ...facts }), this.#wire);
  }
}
