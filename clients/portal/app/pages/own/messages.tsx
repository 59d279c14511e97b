import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { dayText } from '../../parts/format.ts';
import { PageLink } from '../../parts/link.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAction } from '../../parts/action.ts';
import { ShownProblem } from '../../problems/shown.tsx';
import type { MessageRecord, MessagesRecord } from '../../records/messages.ts';

interface Props {
  readonly record: MessagesRecord;
  /** Marks one as read, for all devices. */
  readonly onRead: (id: string) => Promise<void>;
}

/** What the insurer wrote, and what it can learn of who reads. */
export function MessagesPage({ record, onRead }: Props) {
  const { t } = useTranslation('messages');
  return (
    <>
      <p className="text-solid-gray-700">{t('told')}</p>
      {!record.allowed && (
        <Notice>
          <p>{t('off')}</p>
          <PageLink to="/consents" className="inline-flex min-h-11 min-w-11 items-center font-bold text-key-900 underline">
            {t('toConsents')}
          </PageLink>
        </Notice>
      )}
      {record.allowed && record.messages.length === 0 && <Notice>{t('none')}</Notice>}
      {record.messages.map((one) => (
        <Message key={one.id} message={one} onRead={onRead} />
      ))}
    </>
  );
}

function Message({ message, onRead }: { message: MessageRecord } & Pick<Props, 'onRead'>) {
  const { t, i18n } = useTranslation('messages');
  const [open, setOpen] = useState(false);
  const work = useAction();
  const show = (): void => {
    setOpen(!open);
    if (!open && !message.read) work.run(() => onRead(message.id));
  };
  return (
    <Card title={message.title}>
      <p className="mb-3 flex flex-wrap gap-x-3 text-[.9375rem] text-solid-gray-700">
        <span>{dayText(message.sent, i18n.language)}</span>
        <b className={message.read ? '' : 'text-key-900'}>{t(message.read ? 'read' : 'unread')}</b>
      </p>
      {open && (
        <div className="mb-3 space-y-2" lang={message.translated ? undefined : 'ja'}>
          {message.body.split('\n').map((line, at) => (
            <p key={at}>{line}</p>
          ))}
          {message.link && (
            <p>
              <a href={message.link} target="_blank" rel="noreferrer" className="font-bold text-key-900 underline">
                {message.link}
              </a>
            </p>
          )}
        </div>
      )}
      <Button onPress={show}>{t(open ? 'close' : 'open')}</Button>
      {work.problem !== null && <ShownProblem error={work.problem} />}
    </Card>
  );
}
