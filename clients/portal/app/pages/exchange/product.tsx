import { useTranslation } from 'react-i18next';

import { Button } from '../../parts/button.tsx';
import { numberText } from '../../parts/format.ts';
import type { ExchangeActions, Product } from '../../records/exchange.ts';
import { Picture } from './picture.tsx';

/** Units of one product in an order. */
export const MOST_UNITS = 20;

interface Props {
  readonly product: Product;
  /** How many are in the cart. */
  readonly units: number;
  readonly picture: ExchangeActions['picture'];
  readonly onAdd: (units: number) => void;
}

export function ProductTile({ product, units, picture, onAdd }: Props) {
  const { t, i18n } = useTranslation('exchange');
  const text = i18n.language === 'en' ? product.text_en : product.text_ja;
  const left = Math.min(product.available, MOST_UNITS) - units;
  return (
    <li className="flex flex-col rounded-12 border border-solid-gray-200 p-4">
      <Picture label={t('picture', { title: titleOf(product, i18n.language) })} read={() => picture(product.id)} />
      <h3>{titleOf(product, i18n.language)}</h3>
      {text && <p className="text-[.9375rem] whitespace-pre-line text-solid-gray-700">{text}</p>}
      <p className="mt-auto pt-2">
        <b className="text-xl">{t('amount', { points: numberText(product.points, i18n.language) })}</b>{' '}
        <span className="text-[.9375rem] text-solid-gray-700">{t(`kind.${product.kind}`)}</span>
      </p>
      <p className={`text-[.9375rem] ${product.available === 0 ? 'font-bold text-error-2' : 'text-solid-gray-700'}`}>
        {product.available === 0 ? t('sold') : t('left', { number: numberText(product.available, i18n.language) })}
      </p>
      {left > 0 && (
        <div className="mt-2">
          <Button onPress={() => onAdd(units + 1)}>
            {t('add')}{' '}
            <span className="sr-only">{titleOf(product, i18n.language)}</span>
          </Button>
        </div>
      )}
      <p role="status" className="mt-1 font-bold">
        {units > 0 ? t('inCart', { number: units }) : ''}
      </p>
    </li>
  );
}

export function titleOf(product: Product, language: string): string {
  return language === 'en' ? product.title_en : product.title_ja;
}
