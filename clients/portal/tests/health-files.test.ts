import { Blob } from 'node:buffer';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32, deflateRawSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { FileRefused, type Found, type Window } from '../app/health-files/found.ts';
import { readHealthFile } from '../app/health-files/read.ts';

const WINDOW: Window = { steps: '2026-11-12', vitals: '2025-10-25', last: '2026-11-26' };

function read(bytes: Uint8Array | string, window = WINDOW): Promise<Found> {
  return readHealthFile(new Blob([bytes]) as unknown as globalThis.Blob, window);
}

async function refused(bytes: Uint8Array | string): Promise<string> {
  const error: unknown = await read(bytes).catch((thrown: unknown) => thrown);
  return error instanceof FileRefused ? error.reason : 'read';
}

/** A zip archive of these files, packed. */
function zip(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const [locals, centrals]: Buffer[][] = [[], []];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const [packed, named] = [deflateRawSync(content), Buffer.from(name)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(named.length, 22);
    const central = Buffer.alloc(16);
    central.writeUInt32LE(offset, 12);
    locals!.push(Buffer.from('PK\x03\x04', 'latin1'), common, named, packed);
    centrals!.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, central.subarray(2), named);
    offset += 4 + common.length + named.length + packed.length;
  }
  const [all, directory] = [Buffer.concat(locals!), Buffer.concat(centrals!)];
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(all.length, 16);
  return Buffer.concat([all, directory, end]);
}

interface Sample {
  readonly type?: string;
  readonly value: string | number;
  readonly unit?: string;
  readonly from: string;
  readonly until?: string;
  readonly source?: string;
  readonly typed?: boolean;
}

function xml({ type = 'StepCount', value, unit = 'count', from, until = from, source = '架空の電話', typed = false }: Sample): string {
  const head = `<Record type="HKQuantityTypeIdentifier${type}" sourceName="${source}" device="&lt;&lt;HKDevice: 0x1&gt;, name:a > b" unit="${unit}" startDate="${from}" endDate="${until}" value="${value}"`;
  return typed ? ` ${head}>\n  <MetadataEntry key="HKWasUserEntered" value="1"/>\n </Record>` : ` ${head}/>`;
}

/** An export as the telephone writes it; the first record stands on line 8. */
function exported(...records: (Sample | string)[]): Buffer<ArrayBuffer> {
  const dtd = '<!DOCTYPE HealthData [\n<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation)*)>\n<!ELEMENT Record ((MetadataEntry)*)>\n]>';
  const lines = records.map((one) => (typeof one === 'string' ? one : xml(one)));
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${dtd}\n<HealthData locale="ja_JP">\n <Me HKCharacteristicTypeIdentifierBiologicalSex="none"/>\n${lines.join('\n')}\n</HealthData>\n`);
}
const at = (time: string, day = '2026-11-20'): string => `${day} ${time} +0900`;

test('telephone and watch count the same walk once, minute by minute', async () => {
  const found = await read(exported(
    { value: 600, from: at('08:00:00'), until: at('08:10:00') },
    { value: 500, from: at('08:05:00'), until: at('08:10:00'), source: '架空の時計' },
    { value: 90, from: at('12:00:00'), until: at('12:01:00'), source: '架空の時計' },
  ));
  // Five minutes of sixty, five of a hundred, and one of ninety.
  expect(found.steps).toEqual([{ day: '2026-11-20', steps: 300 + 500 + 90, typed: 0 }]);
});

test('a walk over midnight belongs to both days, and two samples of one source within a minute both count', async () => {
  const found = await read(exported(
    { value: 200, from: at('23:50:00'), until: at('00:10:00', '2026-11-21') },
    { value: 30, from: at('09:00:00'), until: at('09:00:10') },
    { value: 20, from: at('09:00:20'), until: at('09:00:40') },
  ));
  expect(found.steps).toEqual([{ day: '2026-11-20', steps: 150, typed: 0 }, { day: '2026-11-21', steps: 100, typed: 0 }]);
});

test('what a person typed stands apart', async () => {
  const found = await read(exported({ value: 1000, from: at('08:00:00'), until: at('08:30:00') }, { value: 300, from: at('20:00:00'), typed: true }));
  expect(found.steps).toEqual([{ day: '2026-11-20', steps: 1000, typed: 300 }]);
});

test('days that no store takes are left out', async () => {
  const days = ['2025-10-24', '2025-10-25', '2026-11-11', '2026-11-12', '2026-11-26', '2026-11-27'];
  const found = await read(exported(
    ...days.flatMap((day) => [{ value: 10, from: at('08:00:00', day) }, { type: 'BodyMass', unit: 'kg', value: 61.5, from: at('07:00:00', day) }]),
  ));
  expect(found.steps.map((one) => one.day)).toEqual(['2026-11-12', '2026-11-26']);
  expect(found.vitals.map((one) => one.day)).toEqual(['2025-10-25', '2026-11-11', '2026-11-12', '2026-11-26']);
});

test('the last weight of a day and its mean pressure, in the units of the record', async () => {
  const pressure = (time: string, upper: number, lower: number): Sample[] => [
    { type: 'BloodPressureSystolic', unit: 'mmHg', value: upper, from: at(time) },
    { type: 'BloodPressureDiastolic', unit: 'mmHg', value: lower, from: at(time) },
  ];
  const together = `<Correlation type="HKCorrelationTypeIdentifierBloodPressure">\n${pressure('07:00:00', 180, 120).map(xml).join('\n')}\n</Correlation>`;
  const found = await read(exported(
    { type: 'BodyMass', unit: 'lb', value: 136, from: at('21:00:00') },
    { type: 'BodyMass', unit: 'kg', value: 60, from: at('07:00:00'), typed: true },
    ...pressure('07:00:00', 120, 80),
    ...pressure('21:00:00', 131, 85),
    together,
  ));
  expect(found.vitals).toEqual([
    { day: '2026-11-20', kind: 'body-weight', value: '61.69', typed: false },
    { day: '2026-11-20', kind: 'diastolic', value: '83', typed: false },
    { day: '2026-11-20', kind: 'systolic', value: '126', typed: false },
  ]);
});

test('what cannot be read is told by line and reason, and the rest is read', async () => {
  const found = await read(exported(
    { value: 10, from: '2026-11-20' },
    { value: '架空', from: at('08:00:00') },
    { value: 10, unit: 'km', from: at('08:00:00') },
    { type: 'BodyMass', unit: 'kg', value: 900, from: at('08:00:00') },
    { value: 10, from: at('09:00:00'), until: at('08:00:00') },
    { value: 77, from: at('10:00:00') },
  ));
  expect(found.faults).toEqual([
    { line: 8, reason: 'time' }, { line: 9, reason: 'value' }, { line: 10, reason: 'unit' }, { line: 11, reason: 'implausible' }, { line: 12, reason: 'implausible' },
  ]);
  expect([found.faultCount, found.steps]).toEqual([5, [{ day: '2026-11-20', steps: 77, typed: 0 }]]);
});

test('in whatever parts the file arrives, and packed, the same is found', async () => {
  const records = Array.from({ length: 300 }, (_, place) => ({ value: 1, from: at(`08:${String(place % 60).padStart(2, '0')}:00`), source: `架空の${place % 2 ? '時計' : '電話'}`, typed: place % 7 === 0 }));
  const plain = exported(...records, { value: 'x', from: at('08:00:00') });
  const packed = zip({ 'apple_health_export/export_cda.xml': Buffer.from('<ClinicalDocument/>'), 'apple_health_export/書き出したデータ.xml': plain });
  const shares: number[] = [];
  const [one, other] = [await read(plain), await readHealthFile(new Blob([packed]) as unknown as globalThis.Blob, WINDOW, { progress: (share) => shares.push(share) })];
  expect(other).toEqual(one);
  expect(one.faults).toEqual([{ line: 8 + 300 + 2 * records.filter((record) => record.typed).length, reason: 'value' }]);
  expect(shares.at(-1)).toBe(1);
  const small = { stream: () => new globalThis.Blob([plain]).stream(), slice: (from: number, until: number) => new Blob([plain.subarray(from, until)]), size: plain.length };
  const chunks = (): ReadableStream => new ReadableStream({ start: (out) => {
    for (let begin = 0; begin < plain.length; begin += 37) out.enqueue(plain.subarray(begin, begin + 37));
    out.close();
  } });
  expect(await readHealthFile({ ...small, stream: chunks } as unknown as globalThis.Blob, WINDOW)).toEqual(one);
});

test('whoever stops the reading hears of nothing else, and no more of the file is read', async () => {
  const plain = exported(...Array.from({ length: 4000 }, () => ({ value: 1, from: at('08:00:00') })));
  for (const bytes of [plain, zip({ 'apple_health_export/export.xml': plain })]) {
    const [stopping, shares] = [new AbortController(), [] as number[]];
    const progress = (share: number): void => {
      shares.push(share);
      stopping.abort(new Error('架空'));
    };
    const half = Math.floor(bytes.length / 2);
    const stream = (): ReadableStream => new ReadableStream({ pull: (out) => (shares.length === 0 ? out.enqueue(bytes.subarray(0, half)) : (out.enqueue(bytes.subarray(half)), out.close())) });
    const file = { stream, slice: (from: number, until: number) => Object.assign(new Blob([bytes.subarray(from, until)]), until - from > 65_536 ? { stream } : {}), size: bytes.length };
    await expect(readHealthFile(file as unknown as globalThis.Blob, WINDOW, { progress, stopped: stopping.signal })).rejects.toThrow('架空');
    expect(shares.length).toBe(1);
  }
});

test('files that are none of these, or damaged, are refused as a whole', async () => {
  const whole = exported({ value: 10, from: at('08:00:00') });
  const packed = zip({ 'apple_health_export/export.xml': Buffer.concat([whole.subarray(0, -14), Buffer.from(`${' \n'.repeat(9000)}</HealthData>`)]) });
  const broken = Buffer.from(packed);
  broken.fill(0xff, 60, 90);
  expect(await refused('架空')).toBe('unknown');
  expect(await refused(new Uint8Array())).toBe('unknown');
  expect(await refused(zip({ 'notes.txt': Buffer.from('x') }))).toBe('unknown');
  expect(await refused(whole.subarray(0, -20))).toBe('damaged');
  expect(await refused(packed.subarray(0, -30))).toBe('damaged');
  expect(await refused(broken)).toBe('damaged');
});

/** An export of Health Connect, as much of its tables as is read, and one more. */
function connected(fill: (database: DatabaseSync) => void): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'portal-'));
  const path = join(folder, 'health_connect_export.db');
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  const common = 'row_id INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB NOT NULL UNIQUE, app_info_id INTEGER, recording_method INTEGER';
  database.exec(`
    CREATE TABLE steps_record_table (${common}, start_time INTEGER, start_zone_offset INTEGER, end_time INTEGER, end_zone_offset INTEGER, count INTEGER, FOREIGN KEY (app_info_id) REFERENCES x(row_id));
    CREATE TABLE weight_record_table (${common}, time INTEGER, zone_offset INTEGER, weight REAL, note TEXT);
    CREATE TABLE blood_pressure_record_table (${common}, time INTEGER, zone_offset INTEGER, systolic REAL, diastolic REAL);
    CREATE TABLE health_data_category_priority_table (row_id INTEGER PRIMARY KEY, health_data_category INTEGER UNIQUE, app_id_priority_order TEXT);
  `);
  fill(database);
  database.close();
  const bytes = readFileSync(path);
  rmSync(folder, { recursive: true });
  return bytes;
}
const ms = (time: string, day = '2026-11-20'): number => Date.parse(`${day}T${time}+09:00`);
const JAPAN = 32_400;

test('Health Connect counts by the order of apps that the person chose', async () => {
  const walks = (database: DatabaseSync): void => {
    const put = database.prepare('INSERT INTO steps_record_table (uuid, app_info_id, recording_method, start_time, start_zone_offset, end_time, end_zone_offset, count) VALUES (randomblob(16), ?, ?, ?, ?, ?, ?, ?)');
    put.run(1, 2, ms('08:00:00'), JAPAN, ms('08:10:00'), JAPAN, 1000);
    put.run(2, 2, ms('08:00:00'), JAPAN, ms('08:10:00'), JAPAN, 600);
    put.run(1, 2, ms('23:59:00'), JAPAN, ms('00:01:00', '2026-11-21'), JAPAN, 100);
    put.run(1, 3, ms('12:00:00'), JAPAN, ms('12:00:00'), JAPAN, 70);
    put.run(1, 2, null, JAPAN, ms('08:10:00'), JAPAN, 5);
  };
  const chosen = await read(connected((database) => {
    walks(database);
    database.exec("INSERT INTO health_data_category_priority_table VALUES (1, 1, '2,1')");
  }));
  const free = await read(zip({ 'health_connect_export.db': connected(walks) }));
  expect(chosen.steps).toEqual([{ day: '2026-11-20', steps: 650, typed: 70 }, { day: '2026-11-21', steps: 50, typed: 0 }]);
  expect(free.steps).toEqual([{ day: '2026-11-20', steps: 1050, typed: 70 }, { day: '2026-11-21', steps: 50, typed: 0 }]);
  expect(free.faults).toEqual([{ line: 5, reason: 'time' }]);
});

test('thousands of rows, long texts and broken pages of a database', async () => {
  const bytes = connected((database) => {
    const put = database.prepare('INSERT INTO weight_record_table (uuid, app_info_id, recording_method, time, zone_offset, weight, note) VALUES (randomblob(16), 1, 2, ?, ?, ?, ?)');
    database.exec('BEGIN');
    for (let place = 0; place < 4000; place += 1) put.run(ms('07:00:00') - (place % 300) * 86_400_000, JAPAN, 60_000 + place, '架空'.repeat(place % 400 === 0 ? 9000 : 1));
    database.exec('COMMIT');
    database.exec(`INSERT INTO blood_pressure_record_table (uuid, app_info_id, recording_method, time, zone_offset, systolic, diastolic) VALUES (randomblob(16), 1, 3, ${ms('07:00:00')}, ${JAPAN}, 121.4, NULL)`);
  });
  const found = await read(bytes);
  const weights = found.vitals.filter((one) => one.kind === 'body-weight');
  expect([weights.length, weights.at(-1)]).toEqual([300, { day: '2026-11-20', kind: 'body-weight', value: '63.9', typed: false }]);
  expect(found.vitals.filter((one) => one.kind !== 'body-weight')).toEqual([{ day: '2026-11-20', kind: 'systolic', value: '121', typed: true }]);
  expect(found.faults).toEqual([{ line: 1, reason: 'value' }]);
  expect(await refused(bytes.subarray(0, 8192))).toBe('damaged');
  for (const place of [16, 56, 101, 4096]) {
    const broken = Buffer.from(bytes);
    broken.fill(0x7f, place, place + 3);
    expect(['damaged', 'read']).toContain(await refused(broken));
  }
});
