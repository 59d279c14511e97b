// Answers what is asked on standard input, in the form of the vectors.

import { text } from 'node:stream/consumers';

import { explained, viewed } from './rules.mjs';

const { facts = [], checkups = [] } = JSON.parse(await text(process.stdin));
console.log(JSON.stringify({ facts: facts.map(explained), checkups: checkups.map(viewed) }));
