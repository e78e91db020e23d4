/** The map beside a table, fetched only when one is to be seen. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Failed, Waiting } from '../parts';
import { asProblem } from '../parts/ask';
import type { PaneProps } from './pane';

/** A component that is fetched when it is first shown. */
export function lazy<P extends object>(fetchIt: () => Promise<ComponentType<P>>): ComponentType<P> {
  let known: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [, set] = useState(0);
    const [error, fail] = useState<unknown>(null);
    useEffect(() => {
      let here = true;
      if (!known) {
        fetchIt().then(
          (found) => {
            known = found;
            if (here) set(1);
          },
          (problem: unknown) => here && fail(problem),
        );
      }
      return () => {
        here = false;
      };
    }, []);
    if (error) return <Failed error={asProblem(error)} again={() => location.reload()} />;
    const Shown = known;
    return Shown ? <Shown {...props} /> : <Waiting />;
  };
}

export const LazyPane = lazy<PaneProps>(async () => (await import('./pane')).Pane);
