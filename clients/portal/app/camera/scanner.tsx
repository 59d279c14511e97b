import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../parts/button.tsx';
import { Notice } from '../parts/notice.tsx';
import { hasCamera, seen } from './seen.ts';

interface Props {
  /** Whether a text is what is looked for; of anything else it is said that it is not. */
  readonly accepts: (text: string) => boolean;
  readonly onText: (text: string) => void;
}

type Trouble = 'refused' | 'missing' | 'failed';
const TROUBLES: Readonly<Record<string, Trouble>> = { NotAllowedError: 'refused', NotFoundError: 'missing', OverconstrainedError: 'missing' };

/** Reads a code with the camera for whoever asks; nothing where there can be none. It can always be typed instead. */
export function Scanner({ accepts, onText }: Props) {
  const { t } = useTranslation('camera');
  const [open, setOpen] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [read, setRead] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  if (!hasCamera()) return null;
  // What was pressed is gone with it; whoever uses keys goes on from here.
  const show = (wanted: boolean): void => {
    setOpen(wanted);
    box.current?.focus();
  };
  const begin = (): void => {
    setTrouble(null);
    setRead(false);
    show(true);
  };
  const end = (text: string): void => {
    show(false);
    setRead(true);
    onText(text);
  };
  const fail = (error: unknown): void => {
    show(false);
    setTrouble((error instanceof DOMException && TROUBLES[error.name]) || 'failed');
  };
  return (
    <div ref={box} tabIndex={-1} className="my-3 outline-none">
      {open ? <Viewfinder accepts={accepts} onText={end} onFailure={fail} onStop={() => show(false)} /> : <Button onPress={begin}>{t('open')}</Button>}
      {trouble && (
        <Notice kind="careful" alert>
          <p>{t(trouble)}</p>
        </Notice>
      )}
      <p role="status" className="font-bold text-success-2">
        {read ? t('read') : ''}
      </p>
    </div>
  );
}

interface Looking extends Props {
  readonly onFailure: (error: unknown) => void;
  readonly onStop: () => void;
}

/** What the camera sees, until there is a code in it. */
function Viewfinder({ onStop, ...given }: Looking) {
  const { t } = useTranslation('camera');
  const video = useRef<HTMLVideoElement>(null);
  const newest = useRef(given);
  const [foreign, setForeign] = useState(false);
  useEffect(() => {
    newest.current = given;
  });
  useEffect(() => {
    const stopping = new AbortController();
    const look = async (shown: HTMLVideoElement): Promise<void> => {
      try {
        for await (const text of seen(shown, stopping.signal)) {
          if (newest.current.accepts(text)) return newest.current.onText(text);
          setForeign(true);
        }
      } catch (error) {
        if (!stopping.signal.aborted) newest.current.onFailure(error);
      }
    };
    if (video.current) void look(video.current);
    return () => stopping.abort();
  }, []);
  return (
    <>
      <video ref={video} playsInline muted aria-label={t('view')} className="aspect-[4/3] w-full max-w-md rounded-8 bg-solid-gray-900 object-cover" />
      <p className="my-2 text-[.9375rem] text-solid-gray-700">{t('hint')}</p>
      <p role="status" className="font-bold text-error-2">
        {foreign ? t('foreign') : ''}
      </p>
      <Button onPress={onStop}>{t('stop')}</Button>
    </>
  );
}
