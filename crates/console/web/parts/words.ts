/** Words for the few names that no code list explains. */
import { told } from '../text';

/** `word('cycle', 'daily')`. */
export const word = (kind: 'register' | 'sensitivity' | 'cycle' | 'scope' | 'state' | 'outcome' | 'kind', name: string | null | undefined): string =>
  name ? told(`${kind}.${name}`, name) : '';
