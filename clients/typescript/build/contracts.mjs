// Writes src/contracts/: the types of every message, from the hosts' own OpenAPI documents, and the tables of the rules where there are any.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import openapi, { astToString } from 'openapi-typescript';

const contracts = new URL('../../../contracts/', import.meta.url);
const made = new URL('../src/contracts/', import.meta.url);

await mkdir(made, { recursive: true });
const documents = (await readdir(contracts)).filter((name) => name.endsWith('.openapi.json'));
await Promise.all(
  documents.map(async (name) => {
    const document = JSON.parse(await readFile(new URL(name, contracts), 'utf8'));
    // Messages alone: paths and statuses are known to the modules that call them.
    const types = await openapi({ openapi: document.openapi, info: document.info, paths: {}, components: { schemas: document.components.schemas } });
    await writeFile(new URL(`${name.replace('.openapi.json', '')}.ts`, made), astToString(types));
  }),
);

if ((await readdir(contracts)).includes('health.json')) {
  const tables = JSON.parse(await readFile(new URL('health.json', contracts), 'utf8'));
  await writeFile(new URL('health.ts', made), `export const HEALTH = ${JSON.stringify(tables, null, 1)};\n`);
}
