/**
 * A text field with proposals, after the combobox pattern of the ARIA practices: typing asks, arrows move, Enter
 * takes, Escape closes; a screen reader hears how many there are. Questions wait until somebody has stopped typing
 * for a moment, and are called off when the next letter comes.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { t } from '../text';

export interface Proposal {
  key: string;
  /** What stands in the field once it is taken. */
  text: string;
  /** How it is shown; the text where nothing is said. */
  shown?: ComponentChildren;
}

/** How long nobody types before a question is asked, in milliseconds. */
const PAUSE = 80;

export function Combobox<P extends Proposal>({ id, name, value, input, ask, take, placeholder, invalid, describedBy, disabled, className }: {
  id?: string;
  name?: string;
  value: string;
  /** Hears what is typed. */
  input: (text: string) => void;
  /** Proposals for a text; none for one that nothing is asked about. */
  ask: (text: string, signal: AbortSignal) => Promise<P[]>;
  /** Hears what was taken. */
  take: (proposal: P) => void;
  placeholder?: string;
  invalid?: boolean;
  describedBy?: string;
  disabled?: boolean;
  className?: string;
}) {
  const own = useId();
  const list = `${own}-list`;
  const [all, setAll] = useState<P[]>([]);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const field = useRef<HTMLInputElement>(null);
  const asking = useRef<{ stop: AbortController; timer: ReturnType<typeof setTimeout> } | null>(null);
  const latest = useRef(ask);
  latest.current = ask;

  const callOff = () => {
    if (!asking.current) return;
    clearTimeout(asking.current.timer);
    asking.current.stop.abort();
    asking.current = null;
  };
  useEffect(() => callOff, []);

  const close = () => {
    callOff();
    setOpen(false);
    setActive(-1);
  };
  const propose = (text: string) => {
    callOff();
    if (!text.trim()) {
      setAll([]);
      close();
      return;
    }
    const stop = new AbortController();
    const run = () =>
      latest.current(text, stop.signal).then(
        (found) => {
          if (stop.signal.aborted) return;
          setAll(found);
          setActive(-1);
          setOpen(found.length > 0 && document.activeElement === field.current);
        },
        // Proposals are a help: whatever is wrong is said when the question itself is asked.
        () => !stop.signal.aborted && close(),
      );
    asking.current = { stop, timer: setTimeout(() => void run(), PAUSE) };
  };
  const choose = (proposal: P) => {
    input(proposal.text);
    close();
    take(proposal);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter and arrows belong to the input method while it composes.
    if (event.isComposing) return;
    if (event.key === 'Escape' && open) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!all.length) return;
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      // One place beside the proposals: the text as it was typed.
      const places = all.length + 1;
      setActive((now) => ((now + 1 + step + places) % places) - 1);
    } else if (event.key === 'Enter') {
      const proposal = open ? all[active] : undefined;
      if (proposal) {
        event.preventDefault();
        choose(proposal);
      } else close();
    }
  };
  return (
    <div class={`combobox ${className ?? ''}`}>
      <input
        ref={field}
        id={id}
        name={name}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={open ? list : undefined}
        aria-activedescendant={open && active >= 0 ? `${list}-${active}` : undefined}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder}
        disabled={disabled}
        value={value}
        onInput={(event) => {
          input(event.currentTarget.value);
          if (!event.isComposing) propose(event.currentTarget.value);
        }}
        onCompositionEnd={(event) => propose(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <span class="hidden" role="status">{open ? t('proposals', { n: all.length }) : ''}</span>
      {open && (
        <ul id={list} class="proposals" role="listbox" aria-label={t('proposals.list')}>
          {all.map((one, place) => (
            <li
              key={one.key}
              id={`${list}-${place}`}
              role="option"
              aria-selected={place === active}
              // The field keeps the focus: a press on the list would take it.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(one)}
            >
              {one.shown ?? one.text}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
