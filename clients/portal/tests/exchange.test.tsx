import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { HostRefused } from 'warifu';

import { ExchangePage } from '../app/pages/exchange.tsx';
import { PointsPage } from '../app/pages/points.tsx';
import { parcels, type ExchangeActions, type ExchangeRecord, type Ordered } from '../app/records/exchange.ts';
import { ordered, pointsOf, product, RULE } from './shoppers.ts';

const TODAY = '2026-11-26';
const HOME = { name: '架空 花子', postal_code: '000-0001', address: '架空県架空市1', phone: '' };
const PRODUCTS = [product('p1'), product('p2', { kind: 'voucher', title_ja: '商品券', points: 200 }), product('p3', { title_ja: '売り切れの品', available: 0 })];

function record(own: Partial<ExchangeRecord> = {}): ExchangeRecord {
  return { products: PRODUCTS, orders: [], usable: 1000, home: HOME, ...own };
}

function actions(own: Partial<ExchangeActions> = {}): ExchangeActions {
  const nothing = async (): Promise<void> => {};
  return { put: () => {}, picture: async () => null, order: nothing, cancel: nothing, sendElsewhere: nothing, ...own };
}

test('points say what can be spent, what is put by, and what expires soon', () => {
  render(<PointsPage record={{ points: pointsOf(), rules: [RULE] }} today={TODAY} />);
  screen.getByText('700ポイント', { selector: 'p' });
  screen.getByText('ほかに、申し込み中の分が300ポイントあります。');
  screen.getByText('2026年12月31日までに使わないと、400ポイントがなくなります。');
  const said = screen.getAllByRole('listitem').map((one) => one.textContent);
  expect(said.slice(0, 2)).toEqual(['2026年12月31日まで400ポイント', '2027年3月31日まで600ポイント']);
  expect(said.some((one) => one?.startsWith('八千歩+1,000'))).toBe(true);
  expect(said.some((one) => one?.startsWith('申し込みの取り消し・返品+300'))).toBe(true);
  expect(said.some((one) => one?.startsWith('交換−300'))).toBe(true);
});

test('what expires in a year is not spoken of at once', () => {
  render(<PointsPage record={{ points: { ...pointsOf(), lots: [{ expires: '2027-11-26', points: 1000 }] }, rules: [] }} today={TODAY} />);
  expect(screen.queryByText(/使わないと/)).toBeNull();
});

test('a cart is as many orders as it has suppliers and kinds', () => {
  const other = product('p4', { supplier: 'other', points: 50 });
  const found = parcels({ p1: 2, p2: 1, p4: 3, gone: 1, p3: 0 }, [...PRODUCTS, other]);
  expect(found.map((one) => [one.kind, one.points, one.lines.length])).toEqual([['goods', 600, 1], ['voucher', 200, 1], ['goods', 150, 1]]);
});

test('what is there can be put into the cart, and what is sold out cannot', async () => {
  const put = vi.fn();
  render(<ExchangePage record={record()} cart={{ p1: 1 }} actions={actions({ put })} />);
  screen.getByText('在庫なし');
  expect(screen.getAllByRole('button', { name: /カートに入れる/ }).length).toBe(2);
  await userEvent.click(screen.getByRole('button', { name: 'カートに入れる 歩数計' }));
  expect(put).toHaveBeenLastCalledWith({ p1: 2 });
  await userEvent.selectOptions(screen.getByLabelText(/歩数計（300ポイント）/), '0');
  expect(put).toHaveBeenLastCalledWith({ p1: 0 });
});

test('an order goes to the address of the record, or to another one, and stays when it fails', async () => {
  const order = vi.fn(async (): Promise<void> => Promise.reject(new HostRefused('programs', 'out-of-stock', 409)));
  render(<ExchangePage record={record()} cart={{ p1: 1 }} actions={actions({ order })} />);
  await userEvent.click(screen.getByRole('button', { name: '300ポイントで申し込む' }));
  expect(order).toHaveBeenLastCalledWith({ p1: 1 }, HOME);
  expect((await screen.findByRole('alert')).textContent).toContain('在庫が足りません。');
  const address = screen.getByLabelText('住所');
  await userEvent.clear(address);
  await userEvent.click(screen.getByRole('button', { name: '300ポイントで申し込む' }));
  screen.getByText('届け先を入れてください。');
  expect(order).toHaveBeenCalledTimes(1);
  await userEvent.type(address, '架空県別町2');
  await userEvent.click(screen.getByRole('button', { name: '300ポイントで申し込む' }));
  expect(order).toHaveBeenLastCalledWith({ p1: 1 }, { ...HOME, address: '架空県別町2' });
});

test('a parcel that was not sent can go elsewhere, and nothing else can', async () => {
  const sendElsewhere = vi.fn(async () => {});
  const orders: Ordered[] = [ordered('o1', 'accepted'), ordered('o2', 'shipped'), ordered('o3', 'placed', 'voucher'), ordered('o4', 'reserved')];
  render(<ExchangePage record={record({ orders })} cart={{}} actions={actions({ sendElsewhere })} />);
  const address = screen.getByLabelText('住所');
  const send = screen.getByRole('button', { name: 'この届け先に変える' });
  await userEvent.clear(address);
  await userEvent.click(send);
  screen.getByText('届け先を入れてください。');
  expect(sendElsewhere).not.toHaveBeenCalled();
  await userEvent.type(address, '架空県別町2');
  await userEvent.click(send);
  expect(sendElsewhere).toHaveBeenCalledExactlyOnceWith('o1', { ...HOME, address: '架空県別町2' });
  await screen.findByText('届け先を変えました。');
});

test('vouchers need no address, and too few points are said before anybody is asked', () => {
  render(<ExchangePage record={record({ usable: 150 })} cart={{ p2: 1 }} actions={actions()} />);
  screen.getByText('あと50ポイント足りません。');
  expect(screen.queryByText(/届け先/)).toBeNull();
  expect(screen.queryByRole('button', { name: /申し込む/ })).toBeNull();
});

test('a code is shown when it is asked for, and only what is not accepted can be cancelled', async () => {
  const cancel = vi.fn(async () => {});
  const orders: Ordered[] = [ordered('o1', 'placed'), ordered('o2', 'accepted'), { ...ordered('o3', 'delivered', 'voucher'), code: '架空-0001' }];
  render(<ExchangePage record={record({ orders })} cart={{}} actions={actions({ cancel })} />);
  expect(screen.queryByText(/架空-0001/)).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'コードを見る' }));
  screen.getByText('架空-0001');
  await userEvent.click(screen.getByRole('button', { name: '申し込みを取り消す' }));
  await userEvent.click(screen.getByRole('button', { name: '取り消す' }));
  expect(cancel).toHaveBeenCalledWith('o1');
});
