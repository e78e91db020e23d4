/** What may be done to a record: changed, ended, doubted, found to be another, taken apart. One at a time, above it. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Schema } from '../../api/catalog';
import type { ProblemError } from '../../api/client';
import type { Feature, Statement } from '../../api/model';
import { write, type Call, type Written } from '../../api/write';
import { Failed } from '../../parts';
import { asProblem } from '../../parts/ask';
import { Speaker, useSpeaker } from '../../form/speaker';
import { change, route } from '../../router';
import { t, told, type Key } from '../../text';
import { Change } from './change';
import { Dispute } from './dispute';
import { End } from './end';
import { Merge } from './merge';
import { Split } from './split';

export const ACTS = ['change', 'dispute', 'end', 'merge', 'split'] as const;
export type Act = (typeof ACTS)[number];

/** What an act is about. */
export interface About {
  schema: Schema;
  collection: string;
  id: string;
  base: string;
  /** As it is today. */
  feature: Feature;
  tag: string | null;
  statements: Statement[];
  /** Hears that it was done. */
  done: (written: Written) => void;
}

export function ActButtons({ act }: { act: Act | null }) {
  return (
    <div class="segments" role="group" aria-label={t('act.group')}>
      {ACTS.map((one) => (
        <button key={one} type="button" aria-pressed={act === one} onClick={() => change({ act: act === one ? null : one }, true)}>{t(`act.${one}`)}</button>
      ))}
    </div>
  );
}

export const actOf = (): Act | null => {
  const named = route.value.query.get('act');
  return ACTS.find((one) => one === named) ?? null;
};

export function ActPanel({ act, about }: { act: Act; about: About }) {
  const Shown = { change: Change, dispute: Dispute, end: End, merge: Merge, split: Split }[act];
  return (
    <section class="panel act" aria-label={t(`act.${act}`)}>
      <h2>{t(`act.${act}`)}</h2>
      <p class="dim">{t(`act.${act}-about`)}</p>
      <Shown key={act} {...about} />
    </section>
  );
}

/** Says what came of an act. */
export const outcomeText = (outcome: string): string => told(`written.${outcome}`, t('written.changed' as Key));

/** A form that writes: who speaks, its fields, and what the server says against it. */
export function Writing({ about, scope, call, pointers, disabled, yes, children, cleared }: {
  about: About;
  scope: string;
  /** What is written; null where there is nothing to write. */
  call: () => Omit<Call, 'department'> | null;
  /** Pointers whose problems stand beside fields. */
  pointers?: ReadonlySet<string>;
  disabled?: boolean;
  yes: string;
  children: (error: ProblemError | null) => ComponentChildren;
  /** Forgets what was typed. */
  cleared: () => void;
}) {
  const [error, setError] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const { speaker } = useSpeaker(about.collection);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const made = call();
    if (!made) return;
    setBusy(true);
    setError(null);
    try {
      const written = await write({ ...made, department: speaker });
      cleared();
      about.done(written);
    } catch (problem) {
      setError(asProblem(problem));
    }
    setBusy(false);
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)} noValidate>
      {children(error)}
      {error && <Failed error={error} without={pointers} />}
      <div class="row form-foot">
        <Speaker collection={about.collection} id={`${scope}-speaker`} />
        <span class="grow" />
        <button type="button" onClick={() => change({ act: null }, true)}>{t('cancel')}</button>
        <button type="submit" class="primary" disabled={busy || disabled}>{yes}</button>
      </div>
    </form>
  );
}
