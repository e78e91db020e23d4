/**
 * Server-sent events by `fetch`: the browser's own `EventSource` sends no header, and so could not say who asks.
 * Where the stream breaks it is opened again; a last event that the server knows ends it.
 */
import { ask, ProblemError } from './client';

export interface Event {
  name: string;
  data: string;
  id: string;
}

/** The events in a text, and what is left of one that is not whole. */
export function split(text: string): { events: Event[]; rest: string } {
  const blocks = text.replaceAll('\r\n', '\n').split('\n\n');
  const rest = blocks.pop() ?? '';
  const events = blocks.map((block) => {
    const event: Event = { name: 'message', data: '', id: '' };
    for (const line of block.split('\n')) {
      const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      if (name === 'event') event.name = value ?? '';
      if (name === 'id') event.id = value ?? '';
      if (name === 'data') event.data += (event.data && '\n') + (value ?? '');
    }
    return event;
  });
  // A line that only keeps the connection open is no event.
  return { events: events.filter((one) => one.data), rest };
}

export interface Listener {
  event: (event: Event) => void;
  open: () => void;
  lost: () => void;
}

const AGAIN = 2000;

/** Listens until it is called off, or the server has nothing more to say. */
export async function listen(path: string, told: Listener, signal: AbortSignal): Promise<void> {
  let last = '';
  while (!signal.aborted) {
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream', ...(last ? { 'last-event-id': last } : {}) };
      const response = await ask(path, { signal, headers });
      if (response.status === 204 || !response.body) return;
      told.open();
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let text = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const { events, rest } = split(text + decoder.decode(value, { stream: true }));
        text = rest;
        for (const event of events) {
          last = event.id || last;
          told.event(event);
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ProblemError && error.problem.status >= 400 && error.problem.status < 500) return;
    }
    if (signal.aborted) return;
    told.lost();
    await new Promise((done) => setTimeout(done, AGAIN));
  }
}
