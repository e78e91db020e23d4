// How quickly the console answers in a larger city: `PERSONS=20000 npm run pace`. It says what it measured, and fails
// where a search takes longer than 200 ms to show, or a frame longer than 100 ms while the map is dragged.
import { mkdirSync } from 'node:fs';
import { browser, city, kept, open } from './stage.mjs';

const persons = Number(process.env.PERSONS ?? 20_000);
const SEARCH = 200;
const FRAME = 100;

const at = (all, share) => [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * share))];

mkdirSync(kept, { recursive: true });
const server = await city(persons, 'city-pace');
const chrome = await browser();
let failed = false;
try {
  const { page, go, calm } = await open(chrome, server);
  const names = (await server.query({ from: 'person', limit: 40, select: ['name'] })).features.map((one) => one.properties.name);

  // From Enter to the first result on the page.
  await go('#/search/person');
  await calm();
  const searches = [];
  for (const name of names) {
    const took = await page.evaluate(async (text) => {
      const box = document.getElementById('q');
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(box, text);
      box.dispatchEvent(new InputEvent('input', { bubbles: true }));
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      await frame();
      await frame();
      const begun = performance.now();
      const isThere = () => document.querySelector('.results h1 .count')?.textContent && !document.querySelector('.results-table.stale') && document.querySelector('.results-table tbody mark')?.textContent === text;
      const shown = new Promise((done) => {
        const look = () => (isThere() ? done(performance.now() - begun) : performance.now() - begun > 10_000 ? done(10_000) : requestAnimationFrame(look));
        requestAnimationFrame(look);
      });
      box.form.requestSubmit();
      return shown;
    }, name);
    searches.push(took);
  }

  // From a letter to the proposals.
  await go('#/search');
  await calm();
  const proposals = [];
  for (const name of names.slice(0, 20)) {
    await page.locator('#q').fill('');
    await page.locator('#q').focus();
    const begun = Date.now();
    await page.keyboard.insertText(name.slice(0, 1));
    await page.locator('.proposals li').first().waitFor();
    proposals.push(Date.now() - begun);
    await page.keyboard.press('Escape');
  }

  // The map dragged across the city, every layer of it people.
  await go('#/map?layer=person&layer=address');
  await calm();
  const box = await page.getByRole('region', { name: '地图' }).boundingBox();
  await page.evaluate(() => {
    globalThis.frames_ = [];
    let last = performance.now();
    const tick = (now) => {
      globalThis.frames_.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= 60; step++) {
    await page.mouse.move(x + 200 * Math.sin(step / 8), y + 120 * Math.cos(step / 8) - 120);
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
  const frames = await page.evaluate(() => globalThis.frames_.slice(2));

  for (const [what, all, limit] of [['search', searches, SEARCH], ['suggestion', proposals, SEARCH], ['frame', frames, FRAME]]) {
    const [middle, late] = [at(all, 0.5), at(all, 0.95)];
    const isSlow = late > limit;
    failed ||= isSlow;
    console.log(`${what.padEnd(10)} p50 ${middle.toFixed(0).padStart(5)} ms   p95 ${late.toFixed(0).padStart(5)} ms   of ${all.length}   limit ${limit}${isSlow ? '   TOO SLOW' : ''}`);
  }
} finally {
  await chrome.close();
  await server.stop();
}
process.exitCode = failed ? 1 : 0;
