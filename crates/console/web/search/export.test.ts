import { expect, test } from 'vitest';
import { gathered } from './export';

test('pieces come together as they were written', async () => {
  const sink = gathered('text/csv');
  await sink.write(new Uint8Array([97, 44]));
  await sink.write(new Uint8Array([98, 10]));
  const file = await sink.close();
  expect(await file?.text()).toBe('a,b\n');
  expect(file?.type).toBe('text/csv');
});

test('more than a browser can keep is refused in words', () => {
  const sink = gathered('text/csv', 10);
  void sink.write(new Uint8Array(10));
  expect(() => sink.write(new Uint8Array(1))).toThrow(/MB|兆/);
});
