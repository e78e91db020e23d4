/** A question to the server as a component sees it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ProblemError } from '../api/client';
import { turn } from '../api/session';

export interface Asked<T> {
  /** The last answer; it stays while the next is waited for. */
  value: T | null;
  error: ProblemError | null;
  waiting: boolean;
  again: () => void;
}

/** Asks when `key` changes, and again for another task; a null key asks nothing. A question that nobody waits for any more is called off. */
export function useAsk<T>(key: string | null, run: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const [state, set] = useState<{ value: T | null; error: ProblemError | null; waiting: boolean }>({ value: null, error: null, waiting: key !== null });
  const [round, setRound] = useState(0);
  const whose = turn.value;
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (key === null) {
      set({ value: null, error: null, waiting: false });
      return;
    }
    const stop = new AbortController();
    set((before) => ({ ...before, waiting: true }));
    latest.current(stop.signal).then(
      (value) => !stop.signal.aborted && set({ value, error: null, waiting: false }),
      (error: unknown) => {
        if (stop.signal.aborted) return;
        set({ value: null, error: asProblem(error), waiting: false });
      },
    );
    return () => stop.abort();
  }, [key, round, whose]);
  return { ...state, again: () => setRound((count) => count + 1) };
}

/** Anything thrown, as a problem. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ProblemError({ type: 'about:blank', title: '', status: 0, code: 'console', detail });
}
