/** Days and amounts as people of a language write them. Days are ISO 8601. */

export function dayText(day: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day.slice(0, 10)}T00:00:00Z`));
}

export function monthText(month: string, language: string): string {
  return new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(`${month.slice(0, 7)}-01T00:00:00Z`));
}

export function yenText(amount: number, language: string): string {
  return language === 'ja' ? `${amount.toLocaleString('ja')}円` : `¥${amount.toLocaleString('en')}`;
}

export function numberText(amount: number, language: string): string {
  return amount.toLocaleString(language);
}

/** A day without its year. */
export function shortDayText(day: string, language: string): string {
  return new Intl.DateTimeFormat(language, { month: 'numeric', day: 'numeric', weekday: 'short', timeZone: 'UTC' }).format(new Date(`${day.slice(0, 10)}T00:00:00Z`));
}

/** Seconds since 1970 as the device's own time. */
export function momentText(seconds: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(seconds * 1000));
}
