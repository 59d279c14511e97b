/**
 * Health Connect's export: an SQLite database with one table for each type of record. Times are milliseconds since 1970, offsets seconds, weights
 * grams. The order of apps that the person has chosen stands in it, so steps are counted as the system counts them.
 *
 * Source: packages/modules/HealthFitness of the Android Open Source Project (RecordHelper, StepsRecordHelper, HealthDataCategoryPriorityHelper).
 */

import { Days } from './days.ts';
import type { Found, FoundKind, Window } from './found.ts';
import { Database, type Row, type Value } from './sqlite.ts';

const MANUAL_ENTRY = 3;
const ACTIVITY = 1;
const INSTANTS: readonly { table: string; columns: readonly { column: string; kind: FoundKind; factor: number }[] }[] = [
  { table: 'weight_record_table', columns: [{ column: 'weight', kind: 'body-weight', factor: 0.001 }] },
  {
    table: 'blood_pressure_record_table',
    columns: [{ column: 'systolic', kind: 'systolic', factor: 1 }, { column: 'diastolic', kind: 'diastolic', factor: 1 }],
  },
];
/** Rows between two pauses. */
const SLICE_ROWS = 5000;

export async function readHealthConnect(bytes: Uint8Array, window: Window): Promise<Found> {
  const database = new Database(bytes);
  const days = new Days(window);
  let read = 0;
  const pause = async (): Promise<void> => {
    read += 1;
    if (read % SLICE_ROWS === 0) await new Promise((next) => setTimeout(next));
  };
  for (const { row, number } of database.rows('steps_record_table')) {
    steps(days, row, number);
    await pause();
  }
  for (const { table, columns } of INSTANTS) {
    for (const { row, number } of database.rows(table)) {
      const at = wallOf(row['time'], row['zone_offset']);
      if (at === null) days.faults.add(number, 'time');
      for (const { column, kind, factor } of at === null ? [] : columns) {
        const value = row[column];
        if (typeof value === 'number') days.vital(kind, { at: at!, value: value * factor, typed: isTyped(row) }, number);
        else days.faults.add(number, 'value');
      }
      await pause();
    }
  }
  const { faults } = days;
  return { app: 'health-connect', vitals: days.vitals(), steps: days.walked(orderIn(database)), faults: faults.first, faultCount: faults.count };
}

function steps(days: Days, row: Row, number: number): void {
  const [from, until] = [wallOf(row['start_time'], row['start_zone_offset']), wallOf(row['end_time'], row['end_zone_offset'])];
  const count = row['count'];
  if (from === null || until === null) days.faults.add(number, 'time');
  else if (typeof count !== 'number') days.faults.add(number, 'value');
  else days.steps({ from, until, count, typed: isTyped(row), source: String(row['app_info_id']) }, number);
}

/** The apps of activities, the one that counts before all others first. */
function orderIn(database: Database): string[] {
  for (const { row } of database.rows('health_data_category_priority_table')) {
    if (row['health_data_category'] === ACTIVITY) return String(row['app_id_priority_order'] ?? '').split(',').map((id) => id.trim());
  }
  return [];
}

function isTyped(row: Row): boolean {
  return row['recording_method'] === MANUAL_ENTRY;
}

/** A time where it was; where the file does not say, it was where this device is. */
function wallOf(time: Value | undefined, offset: Value | undefined): number | null {
  if (typeof time !== 'number' || !Number.isSafeInteger(time) || Math.abs(time) > 8.64e15) return null;
  return time + (typeof offset === 'number' ? offset * 1000 : -new Date(time).getTimezoneOffset() * 60_000);
}
