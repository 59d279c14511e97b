import { useTranslation } from 'react-i18next';

import { Card } from '../../parts/card.tsx';
import { dayText, monthText, yenText } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Rows } from '../../parts/rows.tsx';
import type { FormerCheckupRecord, FormerClaimRecord, FormerRecord } from '../../records/former.ts';

/** What was corrected or cancelled, before and after. */
export function FormerPage({ record }: { record: FormerRecord }) {
  const { t } = useTranslation('former');
  return (
    <>
      <p className="text-solid-gray-700">{t('lead')}</p>
      {record.checkups.length + record.claims.length === 0 && <Notice>{t('none')}</Notice>}
      {record.checkups.map((one, at) => (
        <Checkup key={at} checkup={one} />
      ))}
      {record.claims.length > 0 && (
        <Card title={t('claims')}>
          <Rows>
            {record.claims.map((one, at) => (
              <Claim key={at} claim={one} />
            ))}
          </Rows>
        </Card>
      )}
    </>
  );
}

function Checkup({ checkup }: { checkup: FormerCheckupRecord }) {
  const { t, i18n } = useTranslation('former');
  const note = [t('replaced', { day: dayText(checkup.replaced, i18n.language) }), checkup.institution].filter(Boolean).join(' / ');
  return (
    <Card title={t('checkup', { day: dayText(checkup.day, i18n.language) })} note={note}>
      <Rows>
        {checkup.changes.map((one, at) => (
          <li key={at} className="py-2">
            <b>{one.label}</b>
            <p>
              <s className="text-solid-gray-700">{one.before ?? t('absent')}</s> <span aria-hidden>→</span>
              <span className="sr-only">{t('became')}</span> <b>{one.after ?? t('absent')}</b>
            </p>
          </li>
        ))}
      </Rows>
    </Card>
  );
}

function Claim({ claim }: { claim: FormerClaimRecord }) {
  const { t, i18n } = useTranslation('former');
  return (
    <li className="py-2">
      <b>{[monthText(claim.month, i18n.language), claim.institution].filter(Boolean).join(' / ')}</b>
      <p>
        {claim.after === null
          ? t('cancelled', { before: yenText(claim.before, i18n.language) })
          : t('changed', { before: yenText(claim.before, i18n.language), after: yenText(claim.after, i18n.language) })}
      </p>
      <p className="text-[.9375rem] text-solid-gray-700">{t('replaced', { day: dayText(claim.replaced, i18n.language) })}</p>
    </li>
  );
}
