import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { decodeQR } from 'qr/decode.js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Scanner } from '../app/camera/scanner.tsx';
import { QrCode } from '../app/parts/qr-code.tsx';

const LETTER = 'WF1AAAA';
const stop = vi.fn();
let sights: string[] = [];

/** What the camera answers; tests that have none refuse. */
function camera(answer: () => Promise<unknown>): void {
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: { getUserMedia: answer } });
}

beforeEach(() => {
  stop.mockClear();
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
  vi.stubGlobal('BarcodeDetector', class {
    static getSupportedFormats = async (): Promise<string[]> => ['qr_code'];
    detect = async (): Promise<{ rawValue: string }[]> => sights.splice(0, 1).map((rawValue) => ({ rawValue }));
  });
  camera(async () => Object.assign(new MediaStream(), { getTracks: () => [{ stop }] }));
});

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, 'mediaDevices');
});

test('another code is said not to be it, the right one is taken, and the camera let go', async () => {
  const found = vi.fn();
  sights = ['https://elsewhere.example', ...Array.from({ length: 10 }, () => 'https://elsewhere.example')];
  render(<Scanner accepts={(text) => text === LETTER} onText={found} />);
  await userEvent.click(screen.getByRole('button', { name: 'カメラで読み取る' }));
  await screen.findByText(/お手紙やカードのものではない/);
  expect(found).not.toHaveBeenCalled();
  sights = [LETTER];
  await screen.findByText('読み取りました。');
  expect(found).toHaveBeenCalledExactlyOnceWith(LETTER);
  await vi.waitFor(() => expect(stop).toHaveBeenCalledOnce());
});

test('a camera that is stopped is let go, and what it sees afterwards is nobody’s', async () => {
  const found = vi.fn();
  sights = [];
  render(<Scanner accepts={() => true} onText={found} />);
  await userEvent.click(screen.getByRole('button', { name: 'カメラで読み取る' }));
  await userEvent.click(screen.getByRole('button', { name: 'カメラを止める' }));
  sights = [LETTER];
  await vi.waitFor(() => expect(stop).toHaveBeenCalledOnce());
  expect(found).not.toHaveBeenCalled();
  expect(screen.getByRole('button', { name: 'カメラで読み取る' }).parentElement).toBe(document.activeElement);
});

test.each([
  ['NotAllowedError', 'カメラの使用が許可されていません。'],
  ['NotFoundError', '使えるカメラが見つかりません。'],
  ['NotReadableError', 'カメラを使えませんでした。'],
])('why there is no picture is said in words (%s)', async (name, words) => {
  camera(() => Promise.reject(new DOMException('', name)));
  render(<Scanner accepts={() => true} onText={() => {}} />);
  await userEvent.click(screen.getByRole('button', { name: 'カメラで読み取る' }));
  expect((await screen.findByRole('alert')).textContent).toContain(words);
  expect(screen.getByRole('alert').textContent).toContain('コードを入力してください。');
});

test('nothing is offered where there is no camera at all', () => {
  Reflect.deleteProperty(navigator, 'mediaDevices');
  render(<Scanner accepts={() => true} onText={() => {}} />);
  expect(screen.queryByRole('button')).toBeNull();
});

test('what is drawn says the text', async () => {
  render(<QrCode label="架空" text={LETTER} />);
  const drawn = await screen.findByRole('img', { name: '架空' });
  const side = Number(drawn.getAttribute('viewBox')!.split(' ')[2]);
  const [scale, white] = [4, 255];
  const wide = side * scale;
  const data = new Uint8ClampedArray(wide * wide * 4).fill(white);
  for (const [, x, y] of drawn.innerHTML.matchAll(/M(\d+) (\d+)h1v1/g)) {
    for (let at = 0; at < scale * scale; at += 1) {
      const pixel = (Number(y) * scale + Math.floor(at / scale)) * wide + Number(x) * scale + (at % scale);
      data.fill(0, pixel * 4, pixel * 4 + 3);
    }
  }
  expect(decodeQR({ width: wide, height: wide, data })).toBe(LETTER);
});
