/** Names of departments: as the responsibility catalogue has them, asked for once. */
import { signal } from '@preact/signals';
import { label, type Label } from '../text';
import { get } from './client';
import type { Answering } from './model';

const names = signal<ReadonlyMap<string, Label>>(new Map());
let asked = false;

/** Takes the names out of a catalogue that was asked for anyway. */
export function learn(all: Answering[]): void {
  const duties = all.flatMap((one) => [one, ...one.fields]);
  names.value = new Map([...names.value, ...duties.map((one) => [one.department, one.departmentLabel] as const)]);
}

/** A department's name, or its code where that is all there is. */
export function departmentName(code: string): string {
  if (!asked) {
    asked = true;
    get<{ responsibility: Answering[] }>('/responsibility').then(
      (answer) => learn(answer.responsibility),
      () => (asked = false),
    );
  }
  return label(names.value.get(code), code);
}
