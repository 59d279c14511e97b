// Answers what is asked on standard input, in the form of the vectors.

import { text } from 'node:stream/consumers';

import { explained, viewed } from './rules.mjs';
import { of } from './vectors.mjs';

const { checkupViews } = await of('checkup-views');
const { claimOf, medicines } = await of('claims');
const { savings } = await of('generics');
const { lastHalf, level, told } = await of('protocol/participation');
const { unb64u } = await of('protocol/encoding');

const { facts = [], checkups = [], pages = [], bills = [], halves = [] } = JSON.parse(await text(process.stdin));
const seen = ({ found, details, sex }) => checkupViews(found, details, sex).map(({ observed, ...view }) => view);
const billed = ({ claims, prices }) => {
  const opened = claims.map(([stored, details]) => claimOf(stored, details));
  const byCode = new Map(prices.map((one) => [one.code, one]));
  return { claims: opened, medicines: medicines(opened, byCode), savings: savings(opened, byCode) };
};
const saidOf = async ([seed, today, days]) => {
  const { first, last } = lastHalf(today);
  return [first, last, await told(unb64u(seed), first, level(days))];
};
console.log(
  JSON.stringify({
    facts: facts.map(explained),
    checkups: checkups.map(viewed),
    pages: pages.map(seen),
    bills: bills.map(billed),
    halves: await Promise.all(halves.map(saidOf)),
  }),
);
