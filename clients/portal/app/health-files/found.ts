/** What is read from a file of a health app, and what cannot be. Days are ISO 8601. */

/** What is read here, each in the unit of the record: kg, mmHg. */
export type FoundKind = 'body-weight' | 'systolic' | 'diastolic';

export interface FoundVital {
  readonly day: string;
  readonly kind: FoundKind;
  /** Decimal. */
  readonly value: string;
  /** Whether a person typed all of it there. */
  readonly typed: boolean;
}

export interface FoundSteps {
  readonly day: string;
  readonly steps: number;
  /** Typed by a person, in addition. */
  readonly typed: number;
}

export type FaultReason = 'time' | 'value' | 'unit' | 'implausible';

/** A record that is passed over. */
export interface Fault {
  /** A line of the XML, or a row of the database's table. */
  readonly line: number;
  readonly reason: FaultReason;
}

export interface Found {
  readonly app: 'apple-health' | 'health-connect';
  readonly vitals: readonly FoundVital[];
  readonly steps: readonly FoundSteps[];
  /** The first ones. */
  readonly faults: readonly Fault[];
  readonly faultCount: number;
}

/** Nothing of a file can be read: it is none of these, it is damaged, or larger than this device can hold. */
export class FileRefused extends Error {
  readonly reason: 'unknown' | 'damaged' | 'too-large';

  constructor(reason: FileRefused['reason']) {
    super(reason);
    this.reason = reason;
  }
}

/** The days that stores take: steps of two weeks, vitals of somewhat more than a year. */
export interface Window {
  readonly steps: string;
  readonly vitals: string;
  readonly last: string;
}

const SHOWN_FAULTS = 20;

/** Collects what is passed over. */
export class Faults {
  readonly first: Fault[] = [];
  count = 0;

  add(line: number, reason: FaultReason): void {
    this.count += 1;
    if (this.first.length < SHOWN_FAULTS) this.first.push({ line, reason });
  }
}
