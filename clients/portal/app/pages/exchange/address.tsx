import { useTranslation } from 'react-i18next';

import { Field } from '../../parts/field.tsx';
import type { Address } from '../../records/exchange.ts';

export const NOWHERE: Address = { name: '', postal_code: '', address: '', phone: '' };

/** Whether something is missing that every parcel needs. */
export function isIncomplete(to: Address): boolean {
  return FIELDS.some(({ name, needed }) => needed && !to[name]?.trim());
}

const FIELDS = [
  { name: 'name', autoComplete: 'name', needed: true },
  { name: 'postal_code', autoComplete: 'postal-code', needed: true },
  { name: 'address', autoComplete: 'street-address', needed: true },
  { name: 'phone', autoComplete: 'tel', needed: false },
] as const;

/** Where a parcel goes, as it is typed. */
export function AddressFields({ to, incomplete, onChange }: { to: Address; incomplete: boolean; onChange: (to: Address) => void }) {
  const { t } = useTranslation('exchange');
  return (
    <>
      {FIELDS.map(({ name, autoComplete, needed }) => (
        <Field
          key={name}
          label={t(`to.${name}`)}
          value={to[name] ?? ''}
          autoComplete={autoComplete}
          wrong={incomplete && needed && !to[name]?.trim() ? t('to.empty') : null}
          onChange={(typed) => onChange({ ...to, [name]: typed })}
        />
      ))}
      {incomplete && (
        <p role="alert" className="font-bold text-error-2">
          {t('to.missing')}
        </p>
      )}
    </>
  );
}
