import { useRef, useState, type SubmitEvent } from 'react';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { TextField } from 'react-aria-components/TextField';
import { TextArea } from 'react-aria-components/TextArea';
import { FieldError } from 'react-aria-components/FieldError';
import { Text } from 'react-aria-components/Text';
import { useTranslation } from 'react-i18next';

import { Scanner } from '../camera/scanner.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Choice } from '../parts/choice.tsx';
import { Select } from '../parts/select.tsx';
import { ShownProblem } from '../problems/shown.tsx';
import type { Attempt, WaysThere } from '../records/sign-in.ts';

/** What is wrong with a code, before anybody is asked; null when it is one. */
export type FaultOf = (code: string) => { readonly fault: 'length' | 'character' | 'checksum'; readonly group: number | null } | null;

/** A guardian's own records, and those of so many children. */
const PLACES = [0, 1, 2, 3, 4, 5] as const;

interface Props {
  readonly ways: WaysThere;
  /** Signs in; throws what went wrong, also that it was given up. Called in the handler of the gesture: browsers open windows for nothing else. */
  readonly onSignIn: (attempt: Attempt, givenUp: AbortSignal) => Promise<void>;
  /** What was thrown before, on the way back to this page. */
  readonly problem?: unknown;
  readonly faultOf: FaultOf;
}

interface Waiting {
  readonly way: Attempt['way'];
  readonly wanted: Attempt;
  readonly giveUp: () => void;
}

/** Work account, passkey, letter or card. Nothing that was typed is lost when it does not work. */
export function SignInPage({ ways, onSignIn, faultOf, problem: before = null }: Props) {
  const { t } = useTranslation('sign-in');
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const [problem, setProblem] = useState<unknown>(before);
  const instead = useRef<Attempt | null>(null);
  const [place, setPlace] = useState(0);
  const attempt = async (wanted: Attempt, again = false): Promise<void> => {
    if (waiting && !again) return;
    const stopping = new AbortController();
    setProblem(null);
    setWaiting({ way: wanted.way, wanted, giveUp: () => stopping.abort() });
    try {
      await onSignIn(wanted, stopping.signal);
    } catch (error) {
      setProblem(error);
    } finally {
      setWaiting(null);
    }
    const next = instead.current;
    instead.current = null;
    if (next) await attempt(next, true);
  };
  const leaveInstead = ({ wanted, giveUp }: Waiting): void => {
    if (wanted.way !== 'group') return;
    instead.current = { ...wanted, leaves: true };
    giveUp();
  };
  return (
    <>
      {problem !== null && <ShownProblem error={problem} />}
      {ways.groups.length > 0 && (
        <Card title={t('group.title')} note={t('group.note')}>
          {ways.children && (
            <details className="mb-2">
              <summary className="min-h-11 cursor-pointer py-2 font-bold">{t('group.guardian')}</summary>
              <Select
                label={t('group.whose')}
                value={String(place)}
                options={PLACES.map((one) => ({ value: String(one), label: one === 0 ? t('group.own') : t('group.child', { number: one }) }))}
                onChange={(chosen) => setPlace(Number(chosen))}
              />
            </details>
          )}
          <div className="flex flex-col gap-2">
            {ways.groups.map(({ issuer, title }) => (
              <Button key={issuer} look="main" wide isPending={waiting?.way === 'group'} onPress={() => void attempt({ way: 'group', issuer, place })}>
                {t('group.with', { title })}
              </Button>
            ))}
            {waiting?.way === 'group' && (
              <>
                {ways.leaving && (
                  <Button wide onPress={() => leaveInstead(waiting)}>
                    {t('group.here')}
                  </Button>
                )}
                <Button wide onPress={waiting.giveUp}>
                  {t('group.giveUp')}
                </Button>
              </>
            )}
          </div>
        </Card>
      )}
      {ways.passkeys && (
        <Card title={t('passkey.title')} note={t('passkey.note')}>
          <Button wide isPending={waiting?.way === 'passkey'} onPress={() => void attempt({ way: 'passkey' })}>
            {t('passkey.use')}
          </Button>
        </Card>
      )}
      <Card title={t('code.title')}>
        <CodeForm waiting={waiting?.way === 'code'} faultOf={faultOf} onCode={(code, pin) => void attempt({ way: 'code', code, pin })} />
      </Card>
      <p role="status" className="my-3">
        {waiting ? t(`waiting.${waiting.way}`) : ''}
      </p>
    </>
  );
}

interface Coding extends Pick<Props, 'faultOf'> {
  readonly waiting: boolean;
  readonly onCode: (code: string, pin: string | null) => void;
}

function CodeForm({ waiting, faultOf, onCode }: Coding) {
  const { t } = useTranslation('sign-in');
  const [which, setWhich] = useState<'letter' | 'card'>('letter');
  const [code, setCode] = useState('');
  const [pin, setPin] = useState('');
  const [wrong, setWrong] = useState<{ code: string | null; pin: string | null }>({ code: null, pin: null });
  const field = 'mt-1 block w-full rounded-8 border border-solid-gray-536 bg-white p-3 font-mono text-lg tracking-wide data-[invalid]:border-2 data-[invalid]:border-error-2';
  const read = (text: string): void => {
    setCode(text);
    setWrong({ code: null, pin: null });
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const found = faultOf(code);
    const where = found && found.group !== null ? ` ${t('code.group', { place: found.group + 1 })}` : '';
    const said = { code: found && t(`code.${found.fault}`) + where, pin: which === 'card' && [...pin].length < 6 ? t('pin.short') : null };
    setWrong(said);
    if (said.code === null && said.pin === null) onCode(code, which === 'card' ? pin : null);
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Choice
        label={t('code.which')}
        value={which}
        options={[
          { value: 'letter', label: t('code.letter'), hint: t('code.letterHint') },
          { value: 'card', label: t('code.card'), hint: t('code.cardHint') },
        ]}
        onChange={setWhich}
      />
      <Scanner accepts={(text) => faultOf(text) === null} onText={read} />
      <TextField value={code} onChange={setCode} isInvalid={wrong.code !== null} className="my-3 block">
        <Label className="block font-bold">{t('code.label')}</Label>
        <Text slot="description" className="block text-[.9375rem] text-solid-gray-700">
          {t('code.hint')}
        </Text>
        <FieldError className="block font-bold text-error-2">{wrong.code}</FieldError>
        <TextArea rows={2} autoComplete="off" autoCapitalize="characters" spellCheck={false} className={field} />
      </TextField>
      {which === 'card' && (
        <TextField value={pin} onChange={setPin} type="password" isInvalid={wrong.pin !== null} className="my-3 block">
          <Label className="block font-bold">{t('pin.label')}</Label>
          <FieldError className="block font-bold text-error-2">{wrong.pin}</FieldError>
          <Input autoComplete="off" className={field} />
        </TextField>
      )}
      <Button type="submit" look="main" wide isPending={waiting}>
        {t('code.use')}
      </Button>
    </form>
  );
}
