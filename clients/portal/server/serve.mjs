// Serves the portal's files as they stand in the repository, and the deployment's public file. It keeps no log and learns nothing.
//
//   node serve.mjs DEPLOYMENT.json [ADDRESS]
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { headersOf } from './headers.mjs';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};
const ROOT = fileURLToPath(new URL('../site', import.meta.url));

/**
 * What is served, by path: read once, so that no request reaches the file system.
 * @param {string} root
 */
async function filesOf(root) {
  /** @type {Map<string, { type: string, body: Buffer }>} */
  const found = new Map();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const type = TYPES[/** @type {keyof typeof TYPES} */ (extname(entry.name))];
    if (!entry.isFile() || !type) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(root, file).split(sep).join('/')}`;
    found.set(path.replace(/(^|\/)index\.html$/, '$1'), { type, body: await readFile(file) });
  }
  return found;
}

const [deploymentFile = '', address = '127.0.0.1'] = process.argv.slice(2);
const raw = readFileSync(deploymentFile);
const deployment = JSON.parse(raw.toString());
if (!deployment.portal) throw new Error(`${deploymentFile} names no portal`);
const headers = headersOf(deployment);
const files = await filesOf(ROOT);
files.set('/deployment.json', { type: TYPES['.json'], body: raw });

const server = createServer((request, response) => {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...headers, Allow: 'GET, HEAD' }).end();
    return;
  }
  if (path === '/' || (!files.has(path) && files.has(`${path}/`))) {
    response.writeHead(303, { ...headers, Location: path === '/' ? '/sign-in/' : `${path}/` }).end();
    return;
  }
  const file = files.get(path);
  if (!file) {
    response.writeHead(404, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'Content-Type': file.type, 'Content-Length': file.body.length });
  response.end(request.method === 'HEAD' ? undefined : file.body);
});
server.listen(Number(new URL(deployment.portal.origin).port || 443), address);
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => server.close(() => process.exit(0)));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => server.closeAllConnections());
