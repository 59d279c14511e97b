/** What was measured at home. */

import { homeObservations, observationUrl, PATIENT_URL } from '../../fhir/index.js';
import { coded, FIRST_DAY, LAST_DAY, words, type Section, type Words } from '../section.js';

const KINDS: Readonly<Record<string, Words>> = {
  'body-weight': words('体重', 'Body weight'),
  systolic: words('収縮期血圧', 'Systolic pressure'),
  diastolic: words('拡張期血圧', 'Diastolic pressure'),
  pulse: words('脈拍', 'Pulse'),
  'body-temperature': words('体温', 'Body temperature'),
  sleep: words('睡眠時間', 'Sleep'),
  waist: words('腹囲', 'Waist'),
};
const SOURCES: Readonly<Record<string, Words>> = { typed: words('手入力', 'typed'), device: words('機器', 'device') };

export const VITALS: Section = {
  name: 'vitals',
  title: words('家庭での測定', 'Measured at home'),
  columns: {
    date: words('日付', 'Date'),
    kind: words('項目', 'Kind'),
    value: words('値', 'Value'),
    unit: words('単位', 'Unit'),
    source: words('記録方法', 'Source'),
  },
  read: async (session) => {
    const found = await session.vitals(FIRST_DAY, LAST_DAY);
    const rows = found.map((one) => [one.day, coded(one.kind, KINDS[one.kind]), String(one.value), one.unit, coded(one.source, SOURCES[one.source])]);
    const observed = homeObservations(found, PATIENT_URL);
    return { rows, resources: await Promise.all(observed.map(async (one) => [await observationUrl(one), one] as const)) };
  },
};
