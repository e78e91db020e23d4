import { expect, test } from 'vitest';
import { split } from './stream';

test('events are taken apart, whatever the pieces they come in', () => {
  const text = ': still here\n\nevent: state\nid: 3\ndata: {"a":1}\n\nevent: progress\ndata: 1\ndata: 2\n\nevent: st';
  const { events, rest } = split(text);
  expect(events).toEqual([
    { name: 'state', id: '3', data: '{"a":1}' },
    { name: 'progress', id: '', data: '1\n2' },
  ]);
  expect(rest).toBe('event: st');
  expect(split('data: x\r\n\r\n').events).toEqual([{ name: 'message', id: '', data: 'x' }]);
});
