// A server with a small city, a browser, and what every page is held to: no error, no request elsewhere.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');
/** What is kept to be looked at. */
export const kept = join(target, 'console');
const binary = process.env.JIKU_BINARY ?? join(target, 'debug/jiku');

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** Runs the command to its end. */
export function jiku(...words) {
  const done = spawnSync(binary, words, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`jiku ${words.join(' ')}: ${done.error ?? done.stderr}`);
  return done.stdout;
}

/** A city that is served; each file of tests has one of its own, by its name. */
export async function city(persons, name = 'city') {
  const data = join(kept, name);
  rmSync(data, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  const port = process.env.JIKU_PORT ?? (await freePort());
  const base = `http://127.0.0.1:${port}`;
  const words = ['demo', '--data', data, '--persons', String(persons), '--listen', `127.0.0.1:${port}`];
  const server = spawn(binary, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.on('data', (piece) => (said = (said + piece).slice(-4000)));
  const end = Date.now() + 90_000 + persons * 10;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended: ${said}`);
    if (Date.now() > end) throw new Error(`the server is not ready: ${said}`);
    try {
      if ((await fetch(`${base}/health/ready`)).ok) break;
    } catch {
      // Not yet.
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  const stop = () =>
    new Promise((done) => {
      server.once('exit', done);
      server.kill('SIGTERM');
    });
  const keys = JSON.parse(readFileSync(join(data, 'demo-keys.json'), 'utf8'));
  const own = { authorization: `Bearer ${keys.administrator}` };
  const ask = async (path, options = {}, role = 'administrator') => {
    const bearer = role === 'administrator' ? own : { authorization: `Bearer ${keys[role]}` };
    const response = await fetch(base + path, { ...options, headers: { ...bearer, ...options.headers } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  const query = (body) => ask('/query', { method: 'POST', body: JSON.stringify(body) });
  /** Takes a file in and publishes it. */
  const load = async (source, file, text) => {
    const wait = { Prefer: 'wait=60' };
    const taken = await ask(`/loads?source=${source}&file=${file}`, { method: 'POST', body: text, headers: wait });
    return ask(`/loads/${taken.id}/publish`, { method: 'POST', headers: wait });
  };
  return { base, stop, ask, query, load, keys, data };
}

export async function browser() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  // Maps are drawn by the processor: there is no other here. The sandbox needs rights that containers lack.
  const args = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];
  return chromium.launch({ executablePath, args });
}

/** A page that notes everything that must not happen on it. */
export async function open(chrome, { base, keys }, { signedIn = true, role = 'administrator', purpose = '', file = '', lang = 'zh', dark = false, width = 1280, height = 720 } = {}) {
  const context = await chrome.newContext({
    viewport: { width, height },
    locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: dark ? 'dark' : 'light',
    acceptDownloads: true,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  // While the console is being written: its files from a folder in place of those in the binary.
  const dist = process.env.CONSOLE_DIST;
  if (dist) await page.route('**/console/**', (route) => { const name = new URL(route.request().url()).pathname.replace('/console/', '') || 'index.html'; return route.fulfill({ path: join(dist, name) }); });
  page.setDefaultTimeout(20_000);
  const faults = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.stack ?? error}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== new URL(base).origin) faults.push(`request elsewhere: ${url}`);
  });
  // Streams of events stay open; everything else that was asked for comes to an end.
  const asked = new Set();
  page.on('request', (request) => !request.url().endsWith('/events') && asked.add(request));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => asked.delete(request));
  // Most pages are about something else than signing in.
  const session = JSON.stringify({ key: keys[role], purpose, file });
  if (signedIn) await page.addInitScript((text) => sessionStorage.setItem('jiku.session', text), session);
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
  });
  const go = async (hash) => {
    await page.goto(`${base}/console/${hash}`);
    await page.locator('main').waitFor();
  };
  /** Nothing is waited for any more. */
  const calm = async () => {
    const end = Date.now() + 20_000;
    for (let quiet = 0; quiet < 5; ) {
      if (Date.now() > end) throw new Error(`still waited for: ${[...asked].map((one) => one.url()).join(' ') || 'what the page shows'}`);
      const waiting = asked.size > 0 || (await page.evaluate(() => document.querySelector('.waiting, .stale, [aria-busy=true]') !== null));
      quiet = waiting ? 0 : quiet + 1;
      await page.waitForTimeout(100);
    }
  };
  /** A browser writes of every refusal into its console: those that a test wants are no faults. */
  const expect = (pattern) => faults.splice(0, faults.length, ...faults.filter((one) => !pattern.test(one)));
  return { page, context, faults, go, calm, expect };
}

/** What axe finds that is serious or worse. */
export async function findings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .flatMap((one) => one.nodes.slice(0, 3).map((node) => `${one.id}: ${node.target.join(' ')} ${node.failureSummary}`));
}
