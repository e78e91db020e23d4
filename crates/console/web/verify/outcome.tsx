/** The word that answers a claim, and in which other form the record has it. */
import { t, told } from '../text';
import type { Agreement } from './index';

const TONES: Record<string, string> = { match: 'good', 'match-under-variant': 'good', disputed: 'warn', mismatch: 'bad', unknown: 'quiet', 'no-record': 'bad' };
const SIGNS: Record<string, string> = { match: '✓', 'match-under-variant': '≈', disputed: '?', mismatch: '✗', unknown: '–', 'no-record': '∅' };

export function Outcome({ of, large = false }: { of: Agreement; large?: boolean }) {
  const { outcome, variants = [] } = of;
  return (
    <>
      <span class={`badge ${TONES[outcome] ?? ''} ${large ? 'large' : ''}`}><span aria-hidden="true">{SIGNS[outcome]} </span>{told(`verify.${outcome}`, outcome)}</span>
      {variants.length > 0 && <span class="dim"> {variants.map((one) => told(`variant.${one}`, one)).join(t('list.comma'))}</span>}
    </>
  );
}
