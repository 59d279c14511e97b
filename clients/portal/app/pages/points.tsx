import { useTranslation } from 'react-i18next';

import type { Language } from '../display.ts';
import { Card } from '../parts/card.tsx';
import { dayText, numberText } from '../parts/format.ts';
import { PageLink } from '../parts/link.tsx';
import { More } from '../parts/more.tsx';
import { Notice } from '../parts/notice.tsx';
import { usable, type PointEntry, type PointRule, type PointsRecord } from '../records/points.ts';

/** From so many days before they expire points are spoken of at once. */
const SOON = 60;

interface Props {
  readonly record: PointsRecord;
  /** ISO 8601. */
  readonly today: string;
}

/** What somebody has, by when it must be spent, how it came and went, and how more is earned. */
export function PointsPage({ record: { points, rules }, today }: Props) {
  const { t, i18n } = useTranslation('points');
  const language: Language = i18n.language === 'en' ? 'en' : 'ja';
  const amount = (count: number): string => t('amount', { points: numberText(count, language) });
  const next = points.lots.toSorted((one, other) => (one.expires < other.expires ? -1 : 1));
  const [first] = next;
  const soon = first && Date.parse(first.expires) - Date.parse(today) <= SOON * 86_400_000 ? first : null;
  return (
    <>
      <Card title={t('usable')}>
        <p className="text-4xl font-bold">{amount(usable(points))}</p>
        {points.held > 0 && <p>{t('held', { points: numberText(points.held, language) })}</p>}
        {soon && (
          <Notice kind="careful">
            <p className="font-bold">{t('soon', { day: dayText(soon.expires, language), points: numberText(soon.points, language) })}</p>
          </Notice>
        )}
        <PageLink to="/exchange" className="mt-3 inline-flex min-h-12 items-center rounded-8 border-2 border-key-900 bg-key-900 px-4 py-2 font-bold text-white hover:bg-key-1000">
          {t('exchange')}
        </PageLink>
      </Card>
      {next.length > 0 && (
        <Card title={t('lots')} note={t('lotsNote')}>
          <ul className="divide-y divide-solid-gray-200">
            {next.map((lot, place) => (
              <li key={`${lot.expires} ${place}`} className="flex flex-wrap justify-between gap-x-4 py-2">
                <span>{t('until', { day: dayText(lot.expires, language) })}</span>
                <b>{amount(lot.points)}</b>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Card title={t('statement')}>
        {points.entries.length === 0 && <p>{t('none')}</p>}
        <ul className="divide-y divide-solid-gray-200">
          {points.entries.map((entry, place) => (
            <Entry key={place} entry={entry} rules={rules} language={language} />
          ))}
        </ul>
      </Card>
      {rules.length > 0 && (
        <Card title={t('rules')}>
          {rules.map((one) => (
            <Rule key={one.id} rule={one} language={language} />
          ))}
        </Card>
      )}
    </>
  );
}

function Entry({ entry, rules, language }: { entry: PointEntry; rules: readonly PointRule[]; language: Language }) {
  const { t } = useTranslation('points');
  const rule = rules.find((one) => one.id === entry.party);
  const named = entry.against === 'issued' && rule ? titleOf(rule, language) : null;
  const why = entry.refund ? t('why.refund') : named ?? t(entry.party === 'staff:correction' ? 'why.correction' : `why.${entry.against}`);
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 py-2">
      <span>{why}</span>
      <b className={entry.amount < 0 ? '' : 'text-success-2'}>
        {entry.amount < 0 ? '−' : '+'}
        {numberText(Math.abs(entry.amount), language)}
      </b>
      <span className="w-full text-[.9375rem] text-solid-gray-700">
        {dayText(entry.day, language)}
        {entry.expires && ` / ${t('until', { day: dayText(entry.expires, language) })}`}
      </span>
    </li>
  );
}

function Rule({ rule: { rule }, rule: version, language }: { rule: PointRule; language: Language }) {
  const { t } = useTranslation('points');
  const tiers = rule.tiers.toSorted((one, other) => one.at - other.at);
  return (
    <More title={titleOf(version, language)}>
      <p>{t(`metric.${rule.metric}`, { steps: numberText(rule.steps ?? 0, language) })}</p>
      <ul className="ml-5 list-disc">
        {tiers.map((tier) => (
          <li key={tier.at}>
            {rule.metric === 'fact' ? '' : `${t(`at.${rule.metric}`, { at: numberText(tier.at, language) })}: `}
            <b>{t('amount', { points: numberText(tier.points, language) })}</b>
          </li>
        ))}
      </ul>
      <p className="text-[.9375rem] text-solid-gray-700">{t('lasts', { days: numberText(rule.lasts_days, language) })}</p>
    </More>
  );
}

function titleOf({ rule }: PointRule, language: Language): string {
  return language === 'en' ? rule.title_en : rule.title_ja;
}
