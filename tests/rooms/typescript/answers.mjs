// Answers what is asked on standard input, in the form of the vectors.

import { text } from 'node:stream/consumers';

import { explained, viewed } from './rules.mjs';
import { of } from './vectors.mjs';

const { checkupViews } = await of('checkup-views');
const { claimOf, medicines } = await of('claims');
const { savings } = await of('generics');

const { facts = [], checkups = [], pages = [], bills = [] } = JSON.parse(await text(process.stdin));
const seen = ({ found, details, sex }) => checkupViews(found, details, sex).map(({ observed, ...view }) => view);
const billed = ({ claims, prices }) => {
  const opened = claims.map(([stored, details]) => claimOf(stored, details));
  const byCode = new Map(prices.map((one) => [one.code, one]));
  return { claims: opened, medicines: medicines(opened, byCode), savings: savings(opened, byCode) };
};
console.log(
  JSON.stringify({ facts: facts.map(explained), checkups: checkups.map(viewed), pages: pages.map(seen), bills: bills.map(billed) }),
);
