/** What the build says about itself: the SHA-384 of every file, in the pages that load them and in one list that anybody can compare. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import type { Plugin } from 'vite';

const LIST = 'assets.json';
const WORKER = 'worker.js';

/**
 * Adds integrity to the pages, also for scripts that are imported later (an import map, allowed by its own hash), writes the service worker that
 * caches exactly these files, and `assets.json`: `files` by path, and `inline`, the hashes that their policy allows.
 */
export function published(worker: string): Plugin {
  let folder = '';
  return {
    name: 'published',
    apply: 'build',
    configResolved: (config) => {
      folder = config.build.outDir;
    },
    closeBundle: () => {
      const before = hashesIn(folder);
      const map = JSON.stringify({ integrity: only(before, (path) => path.endsWith('.js')) });
      for (const page of Object.keys(before).filter((path) => path.endsWith('.html'))) {
        writeFileSync(join(folder, page), withIntegrity(readFileSync(join(folder, page), 'utf8'), before, map));
      }
      writeFileSync(join(folder, WORKER), workerFor(readFileSync(worker, 'utf8'), hashesIn(folder)));
      const list = { files: hashesIn(folder), inline: [sha384(map)] };
      writeFileSync(join(folder, LIST), `${JSON.stringify(list, null, 2)}\n`);
    },
  };
}

function hashesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [`/${relative(folder, path).split(sep).join('/')}`, sha384(readFileSync(path))]));
}

function withIntegrity(page: string, hashes: Record<string, string>, map: string): string {
  const marked = page.replace(/<(script|link)\b([^>]*?)\s(src|href)="([^"]+)"/g, (whole, tag: string, rest: string, name: string, path: string) => {
    const hash = /\.(js|css)$/.test(path) ? hashes[path] : undefined;
    return hash ? `<${tag}${rest} ${name}="${path}" integrity="${hash}"` : whole;
  });
  return marked.replace('<script', `<script type="importmap">${map}</script>\n<script`);
}

function workerFor(source: string, hashes: Record<string, string>): string {
  return source.replace('/* FILES */ {}', JSON.stringify(hashes));
}

function only(hashes: Record<string, string>, wanted: (path: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(hashes).filter(([path]) => wanted(path)));
}

function sha384(content: string | Uint8Array): string {
  return `sha384-${createHash('sha384').update(content).digest('base64')}`;
}
