/** For programs on Node: the system's browser, answered on the loopback interface (RFC 8252 section 7.3). */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { SignInFailed } from './errors.js';
import { parametersOf, type Returned, type UserAgent } from './oauth.js';

const PERSON_SECONDS = 300;
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  Connection: 'close',
};
const PAGE = `<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>warifu</title><style>body{font:1.125rem/1.8 sans-serif;color:#1a1a1c;background:#fff;max-width:32rem;margin:20vh auto;padding:0 1rem}</style></head>
<body><main><h1>手続きを続けています</h1><p>このページは閉じてかまいません。</p>
<p lang="en">You may close this page and return to where you came from.</p></main></body></html>
`;

/** Listens on a random port of 127.0.0.1 and knows one path. A page that was already open in the browser can send a wrong answer here; the caller's check of `state` turns that into a failed sign-in. */
export class Loopback implements UserAgent {
  readonly redirectUri: string;
  readonly #server: Server;
  readonly #show: (url: string) => void;
  readonly #seconds: number;
  #returned: ((parameters: Returned) => void) | null = null;

  private constructor(server: Server, show: (url: string) => void, seconds: number) {
    this.redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
    this.#server = server;
    this.#show = show;
    this.#seconds = seconds;
    server.on('request', (request, response) => this.#answer(request, response));
  }

  /** Starts listening; `show` opens a page for the person, or prints where it is. */
  static async listen(show: (url: string) => void, personSeconds = PERSON_SECONDS): Promise<Loopback> {
    const server = createServer({ maxHeaderSize: 16_384 });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new Loopback(server, show, personSeconds);
  }

  async visit(url: string): Promise<Returned> {
    let late: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise<Returned>((returned, failed) => {
        this.#returned = returned;
        late = setTimeout(() => failed(new SignInFailed('nobody came back from the sign-in page')), this.#seconds * 1000);
        this.#show(url);
      });
    } finally {
      clearTimeout(late);
      this.#returned = null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const [path, query = ''] = (request.url ?? '').split('?', 2);
    const parameters = parametersOf(query);
    let status = 200;
    if (path !== '/callback') status = 404;
    else if (request.method !== 'GET') status = 405;
    else if (this.#returned === null) status = 409;
    else if (parameters === null) status = 400;
    response.writeHead(status, HEADERS).end(status === 200 ? PAGE : '');
    if (status === 200 && parameters) this.#returned?.(parameters);
  }
}
