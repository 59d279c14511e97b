import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { ShownProblem } from '../../problems/shown.tsx';
import type { Program, ProgramActions } from '../../records/programs.ts';

/** Questions, and which answers were right; tried again, the best try counts. */
export function Quiz({ program, onAnswer }: { program: Program; onAnswer: ProgramActions['answer'] }) {
  const { t } = useTranslation('programs');
  const [answers, setAnswers] = useState<readonly string[]>(() => program.questions.map(() => ''));
  const [right, setRight] = useState<readonly boolean[] | null>(null);
  const [missing, setMissing] = useState(false);
  const marking = useAction();
  const answer = (place: number, chosen: string): void => {
    setAnswers(answers.with(place, chosen));
    setRight(null);
    setMissing(false);
  };
  const send = (): void => {
    const open = answers.includes('');
    setMissing(open);
    if (!open) marking.run(() => onAnswer(program, answers.map(Number)), setRight);
  };
  return (
    <div className="mt-3 border-t border-solid-gray-200 pt-3">
      {program.questions.map((question, place) => (
        <div key={question.text}>
          <Choice
            label={t('quiz.question', { number: place + 1, text: question.text })}
            value={answers[place] ?? ''}
            options={question.choices.map((label, at) => ({ value: String(at), label }))}
            onChange={(chosen) => answer(place, chosen)}
          />
          {right && <p className={`font-bold ${right[place] ? 'text-success-2' : 'text-error-2'}`}>{t(right[place] ? 'quiz.right' : 'quiz.wrong')}</p>}
        </div>
      ))}
      <Button look="main" isPending={marking.isPending} onPress={send}>
        {t('quiz.send')}
      </Button>
      <p role="status" className={`mt-2 font-bold ${missing ? 'text-error-2' : ''}`}>
        {missing ? t('quiz.missing') : right ? t('quiz.marked', { right: right.filter(Boolean).length, all: right.length }) : ''}
      </p>
      {marking.problem !== null && <ShownProblem error={marking.problem} />}
    </div>
  );
}
