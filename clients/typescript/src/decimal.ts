/** Decimal numbers as hosts write them, exactly: doubles would round what people are shown, and what they pay. */

const FORM = /^([+-]?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$/;

export class Decimal {
  readonly #units: bigint;
  /** Digits behind the point; never negative. */
  readonly #scale: number;

  private constructor(units: bigint, scale: number) {
    this.#units = units;
    this.#scale = scale;
  }

  /** Reads a number; throws RangeError for text that is none. */
  static of(value: string | number | Decimal): Decimal {
    if (value instanceof Decimal) return value;
    const found = FORM.exec(String(value));
    if (found === null) throw new RangeError('not a decimal number');
    const [, sign, whole = '0', fraction = '', exponent = '0'] = found;
    const units = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
    const scale = fraction.length - Number(exponent);
    return scale < 0 ? new Decimal(units * 10n ** BigInt(-scale), 0) : new Decimal(units, scale);
  }

  plus(other: Decimal | string | number): Decimal {
    const [one, two, scale] = this.#aligned(Decimal.of(other));
    return new Decimal(one + two, scale);
  }

  minus(other: Decimal | string | number): Decimal {
    const [one, two, scale] = this.#aligned(Decimal.of(other));
    return new Decimal(one - two, scale);
  }

  times(other: Decimal | string | number): Decimal {
    const factor = Decimal.of(other);
    return new Decimal(this.#units * factor.#units, this.#scale + factor.#scale);
  }

  /** Negative, zero or positive, as this is less than, the same as or more than the other. */
  compare(other: Decimal | string | number): number {
    const [one, two] = this.#aligned(Decimal.of(other));
    return one < two ? -1 : one > two ? 1 : 0;
  }

  atLeast(other: Decimal | string | number): boolean {
    return this.compare(other) >= 0;
  }

  /** The quotient with so many digits behind the point, rounded half away from zero. */
  dividedBy(other: Decimal | string | number, digits: number): Decimal {
    const [one, two] = this.#aligned(Decimal.of(other));
    const [numerator, denominator] = [2n * one * 10n ** BigInt(digits), 2n * two];
    const half = numerator < 0n === denominator < 0n ? denominator / 2n : -denominator / 2n;
    return new Decimal((numerator + half) / denominator, digits);
  }

  /** The whole number towards zero. */
  truncated(): number {
    return Number(this.#units / 10n ** BigInt(this.#scale));
  }

  /** For drawing; what decides is compared as it is. */
  toNumber(): number {
    return Number(this.toString());
  }

  toString(): string {
    const digits = (this.#units < 0n ? -this.#units : this.#units).toString().padStart(this.#scale + 1, '0');
    const whole = digits.slice(0, digits.length - this.#scale);
    const fraction = digits.slice(digits.length - this.#scale);
    return `${this.#units < 0n ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`;
  }

  toJSON(): string {
    return this.toString();
  }

  #aligned(other: Decimal): [bigint, bigint, number] {
    const scale = Math.max(this.#scale, other.#scale);
    const raised = (one: Decimal): bigint => one.#units * 10n ** BigInt(scale - one.#scale);
    return [raised(this), raised(other), scale];
  }
}
