// The rules of health checkups give what the Python rules give.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { explained, factsOf, viewed } from './rules.mjs';
import { of, vectors } from './vectors.mjs';

const known = await vectors('health');
const { explainGuidance, explainSyndrome } = await of('health/index');
const { Decimal } = await of('decimal');

test('the table of cases', () => {
  assert.ok(known.cases.length >= 200);
  for (const one of known.cases) {
    const facts = factsOf(one.facts);
    assert.deepEqual([explainGuidance(facts)?.result ?? null, explainSyndrome(facts).result], [one.guidance, one.syndrome], one.case);
  }
});

test('explanations in both languages', () => {
  for (const one of known.explained) assert.deepEqual(explained(one.facts), one);
});

test('whole checkups, year by year', () => {
  for (const one of known.checkups) assert.deepEqual(viewed(one), one.views);
});

test('decimal numbers', () => {
  const text = (value) => String(value);
  assert.deepEqual(['1.50', '-0.05', '007', '1e2', '12E-3', '+3.0'].map((one) => text(Decimal.of(one))), ['1.50', '-0.05', '7', '100', '0.012', '3.0']);
  assert.deepEqual([text(Decimal.of('0.1').plus('0.2')), text(Decimal.of('1.20').minus('2')), text(Decimal.of('1.5').times('0.20'))], ['0.3', '-0.80', '0.300']);
  assert.deepEqual(['1', '-1', '2.5', '-2.5'].map((one) => text(Decimal.of(one).dividedBy('4', 1))), ['0.3', '-0.3', '0.6', '-0.6']);
  assert.deepEqual([Decimal.of('9.99').truncated(), Decimal.of('-9.99').truncated(), Decimal.of('5.60').compare('5.6')], [9, -9, 0]);
  for (const one of ['', '.5', '1.', 'NaN', 'Infinity', '1,5', '0x1', ' 1']) assert.throws(() => Decimal.of(one), RangeError);
});
