import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { dayText } from '../../parts/format.ts';
import { Field } from '../../parts/field.tsx';
import { ShownProblem } from '../../problems/shown.tsx';
import type { ContestRecord, Entering } from '../../records/walking.ts';

/** Longest nickname and name of a team. */
export const LONGEST_NAME = 20;
const CODE = /^[a-z2-7]{16}$/;

interface Props {
  readonly contest: ContestRecord['contest'];
  readonly onEnter: (as: Entering) => Promise<void>;
}

/** How somebody takes part; nothing that was typed is lost where it does not work. */
export function EnterForm({ contest, onEnter }: Props) {
  const { t, i18n } = useTranslation('walking');
  const [how, setHow] = useState<'join' | 'form'>('join');
  const [nickname, setNickname] = useState('');
  const [teamName, setTeamName] = useState('');
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState<'team' | 'code' | null>(null);
  const entering = useAction();
  const alone = contest.teams === 'units';
  // As people write it down: in groups, in capitals, in the full width of Japanese keyboards.
  const plain = code.normalize('NFKC').replaceAll(/[\s\-‐−ー]/g, '').toLowerCase();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const found = alone ? null : how === 'form' ? (teamName.trim() ? null : 'team') : CODE.test(plain) ? null : 'code';
    setWrong(found);
    if (found) return;
    const team = alone ? {} : how === 'form' ? { teamName: teamName.trim() } : { code: plain };
    entering.run(() => onEnter({ nickname: nickname.trim(), ...team }));
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off" className="mt-3 border-t border-solid-gray-200 pt-3">
      <h3>{t('enter.title')}</h3>
      <p className="text-[.9375rem] text-solid-gray-700">{t('enter.until', { day: dayText(contest.enter_until, i18n.language) })}</p>
      {!alone && (
        <Choice
          label={t('enter.how')}
          value={how}
          options={[
            { value: 'join', label: t('enter.join'), hint: t('enter.joinHint') },
            { value: 'form', label: t('enter.form'), hint: t('enter.formHint') },
          ]}
          onChange={setHow}
        />
      )}
      {!alone && how === 'form' && (
        <Field label={t('enter.team')} value={teamName} maxLength={LONGEST_NAME} wrong={wrong === 'team' ? t('enter.teamMissing') : null} onChange={setTeamName} />
      )}
      {!alone && how === 'join' && (
        <Field label={t('enter.code')} value={code} wrong={wrong === 'code' ? t('enter.codeWrong') : null} onChange={setCode} />
      )}
      <Field label={t('nickname.label')} hint={t('nickname.hint')} value={nickname} maxLength={LONGEST_NAME} onChange={setNickname} />
      {entering.problem !== null && <ShownProblem error={entering.problem} />}
      <Button type="submit" look="main" isPending={entering.isPending}>
        {t('enter.do')}
      </Button>
    </form>
  );
}
