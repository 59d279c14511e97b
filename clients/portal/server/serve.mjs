// Serves the portal: what the build made (dist), the sign-in page as it stands in the repository (site), and the deployment's public file.
// It keeps no log and learns nothing.
//
//   node serve.mjs DEPLOYMENT.json [ADDRESS]
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { headersOf, headersOfPortal, headersOfSignedIn } from './headers.mjs';
import { PAGES } from './pages.mjs';

/** @typedef {Record<string, string>} Headers */

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};
const PORTAL = fileURLToPath(new URL('../dist', import.meta.url));
const SITE = fileURLToPath(new URL('../site', import.meta.url));
// Named after what is in them.
const IMMUTABLE = { 'Cache-Control': 'public, max-age=31536000, immutable' };

/**
 * What is served, by path: read once, so that no request reaches the file system.
 * @param {string} root
 * @param {Headers} headers
 */
async function filesOf(root, headers) {
  /** @type {Map<string, { headers: Headers, body: Buffer }>} */
  const found = new Map();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const type = TYPES[/** @type {keyof typeof TYPES} */ (extname(entry.name))];
    if (!entry.isFile() || !type) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(root, file).split(sep).join('/')}`;
    const kept = path.startsWith('/assets/') ? IMMUTABLE : {};
    found.set(path, { headers: { ...headers, ...kept, 'Content-Type': type }, body: await readFile(file) });
  }
  return found;
}

const [deploymentFile = '', address = '127.0.0.1'] = process.argv.slice(2);
const raw = readFileSync(deploymentFile);
const deployment = JSON.parse(raw.toString());
if (!deployment.portal) throw new Error(`${deploymentFile} names no portal`);
const { inline } = JSON.parse(readFileSync(join(PORTAL, 'assets.json'), 'utf8'));
const plain = headersOf(deployment);
const files = new Map([...(await filesOf(SITE, plain)), ...(await filesOf(PORTAL, headersOfPortal(deployment, inline)))]);
const signedIn = files.get('/signed-in/index.html');
if (signedIn) signedIn.headers = { ...headersOfSignedIn(deployment, inline), 'Content-Type': TYPES['.html'] };
files.set('/deployment.json', { headers: { ...plain, 'Content-Type': TYPES['.json'] }, body: raw });

/** @param {string} path */
function fileAt(path) {
  if (/** @type {readonly string[]} */ (PAGES).includes(path)) return files.get('/index.html');
  return files.get(path.endsWith('/') ? `${path}index.html` : path);
}

const server = createServer((request, response) => {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...plain, Allow: 'GET, HEAD' }).end();
    return;
  }
  const file = fileAt(path);
  if (!file && fileAt(`${path}/`)) {
    response.writeHead(303, { ...plain, Location: `${path}/` }).end();
    return;
  }
  if (!file) {
    response.writeHead(404, plain).end();
    return;
  }
  response.writeHead(200, { ...file.headers, 'Content-Length': file.body.length });
  response.end(request.method === 'HEAD' ? undefined : file.body);
});
server.listen(Number(new URL(deployment.portal.origin).port || 443), address);
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => server.close(() => process.exit(0)));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => server.closeAllConnections());
