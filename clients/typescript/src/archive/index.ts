/** Everything of a member in one signed file, to take along: readable pages, tables, FHIR. The same as `warifu.archive` of the Python SDK. */

import { b64u, sha256, utf8, type Bytes } from '../protocol/encoding.js';
import { archiveMessage } from '../protocol/own.js';
import type { MemberSession } from '../session.js';
import type { Content, Section } from './section.js';
import { SECTIONS } from './sections/index.js';
import { iso } from './times.js';
import { page, table } from './written.js';
import { zipped } from './zip.js';

/**
 * Returns everything of the member as one archive (ZIP). Nothing is left out silently: where a host cannot be asked, there is no archive. The
 * day that is written in it is that of the device's own calendar.
 */
export async function exportArchive(session: MemberSession, now: Date): Promise<Bytes> {
  const parts: (readonly [Section, Content])[] = [];
  for (const section of SECTIONS) parts.push([section, await section.read(session, now)]);
  const made = iso(now).slice(0, 10);
  const files = new Map(parts.map(([section, content]) => [`csv/${section.name}.csv`, table(section, content)]));
  files.set('record.ja.html', page(parts, made, 'ja'));
  files.set('record.en.html', page(parts, made, 'en'));
  files.set('record.fhir.json', json(record(parts, now)));
  return packed(files, session, made);
}

/** All resources as one FHIR Bundle of type collection. */
function record(parts: readonly (readonly [Section, Content])[], now: Date): object {
  const entry = parts.flatMap(([, content]) => (content.resources ?? []).map(([fullUrl, resource]) => ({ fullUrl, resource })));
  return { resourceType: 'Bundle', type: 'collection', timestamp: iso(now), entry };
}

async function packed(files: Map<string, Bytes>, session: MemberSession, made: string): Promise<Bytes> {
  const key = await session.archiveKey();
  const listed = await Promise.all(
    [...files].map(async ([name, content]) => ({ name, bytes: content.length, sha256: b64u(await sha256(content)) })),
  );
  const manifest = json({ v: 1, made, key: b64u(key.publicBytes), files: listed });
  const signature = b64u(await key.sign(archiveMessage(manifest)));
  return zipped(new Map([...files, ['manifest.json', manifest], ['manifest.sig', utf8(signature)]]));
}

function json(value: object): Bytes {
  return utf8(JSON.stringify(value, null, 1));
}
