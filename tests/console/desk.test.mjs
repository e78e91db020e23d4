// The loading desk with much to do: many refused rows, and a rehearsal that is called off.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { browser, city, findings, jiku, kept, open } from './stage.mjs';

let server;
let chrome;
let dirty;

before(async () => {
  server = await city(300, 'city-desk');
  dirty = join(kept, 'very-dirty');
  jiku('synth', '--persons', '1500', '--seed', '9', '--dirt', '0.6', '--out', dirty);
  chrome = await browser();
}, { timeout: 120_000 });

after(async () => {
  await chrome?.close();
  await server?.stop();
});

test('hundreds of refused rows are paged, chosen by their reason, mended and sent', { timeout: 90_000 }, async () => {
  const { page, context, faults, go, calm } = await open(chrome, server);
  await go('#/desk');
  await page.getByLabel('来源').last().selectOption('synth-persons');
  await page.locator('#file').setInputFiles(join(dirty, 'persons.csv'));
  await page.getByRole('button', { name: '上传并试装' }).click();
  await page.getByText('待发布').waitFor();
  await page.getByRole('tab', { name: /拒收行/ }).click();
  await page.locator('.mend tbody tr').first().waitFor();
  await calm();
  const pages = page.getByRole('navigation', { name: '拒收行的页' });
  const all = Number(/\/ (\d+)/.exec(await pages.innerText())[1]);
  assert.ok(all >= 3, `${all} pages`);
  const lines = async () => page.locator('.mend tbody th').allInnerTexts();
  const first = await lines();
  await pages.getByRole('button', { name: '下一页' }).click();
  await pages.getByRole('button', { name: '下一页' }).click();
  const third = await lines();
  assert.ok(third.every((line) => !first.includes(line)), 'other rows on another page');
  assert.deepEqual(await findings(page), []);
  await page.screenshot({ path: join(kept, 'desk-many-rejects.png') });

  // One row of the third page is sent, all others stay.
  await page.getByRole('button', { name: '全部不发' }).click();
  await page.locator('.mend tbody').getByRole('checkbox').nth(1).check();
  await page.getByRole('button', { name: '重新发送 1 行' }).click();
  await page.waitForFunction(() => /mended/.test(document.querySelector('h1')?.textContent ?? ''));
  await page.getByText('待发布').waitFor();
  const id = new URL(page.url()).hash.split('/').pop();
  assert.equal((await server.ask(`/loads/${id}`)).counts.read, 1);
  assert.deepEqual(faults, []);
  await context.close();
});

test('a rehearsal that goes on is called off', { timeout: 90_000 }, async () => {
  const { page, context, faults, go } = await open(chrome, server);
  const clean = join(kept, 'long');
  jiku('synth', '--persons', '1500', '--seed', '11', '--out', clean);
  const [head, ...rows] = readFileSync(join(clean, 'persons.csv'), 'latin1').split('\n');
  const file = join(kept, 'long.csv');
  writeFileSync(file, [head, ...Array.from({ length: 120 }, () => rows.join('\n'))].join('\n'), 'latin1');
  await go('#/desk');
  await page.getByLabel('来源').last().selectOption('synth-persons');
  await page.locator('#file').setInputFiles(file);
  await page.getByRole('button', { name: '上传并试装' }).click();
  await page.getByRole('button', { name: '取消试装' }).click();
  await page.getByText('已丢弃').first().waitFor();
  const id = new URL(page.url()).hash.split('/').pop();
  assert.equal((await server.ask(`/loads/${id}`)).state, 'discarded');
  await page.screenshot({ path: join(kept, 'desk-called-off.png') });
  assert.deepEqual(faults, []);
  await context.close();
});
