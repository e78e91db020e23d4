/**
 * Refused rows, mended where they stand and sent again as a load of the same source, in the encoding they came
 * in. What is typed is kept beside the view until it is sent.
 */
import { useState } from 'preact/hooks';
import { ask, type ProblemError } from '../api/client';
import type { Load, Source } from '../api/model';
import { Copy, Download, Failed, Waiting } from '../parts';
import { asProblem, useAsk } from '../parts/ask';
import { go, href } from '../router';
import { by } from '../settings';
import { lang, t } from '../text';
import { parse, write } from './csv';
import { encode, hasMark, Unwritable } from './encode';
import { send, uploads } from './upload';
import { UploadRow } from './index';

/** The columns that the desk adds to a reject file; it knows them when the file comes back. */
const ADDED = ['行号/line', '字段/field', '错误码/code', '说明/message'];
/** How many rows stand on a page of the grid. */
const SHOWN = 100;
/** The largest reject file that is mended in the page, in bytes. */
const LARGEST = 64_000_000;

export interface Rejects {
  header: string[];
  rows: string[][];
  encoding: string;
  mark: boolean;
  name: string;
}

/** A reject file as a table. */
export function readRejects(bytes: Uint8Array, kind: string, name: string): Rejects {
  const encoding = /charset=([\w-]+)/i.exec(kind)?.[1] ?? 'utf-8';
  const [header = [], ...rows] = parse(new TextDecoder(encoding).decode(bytes));
  return { header, rows, encoding, mark: hasMark(bytes), name };
}

/** What was typed: by load, then by row and column. Rows left out are in `out`. */
interface Typed {
  cells: Map<string, string>;
  out: Set<number>;
}
const typed = new Map<string, Typed>();

export function Mend({ load, source }: { load: Load; source: Source | null }) {
  const path = `/loads/${encodeURIComponent(load.id)}/rejects`;
  const asked = useAsk(load.id, async (signal) => {
    const response = await ask(path, { signal, headers: { accept: '*/*' } });
    const kind = response.headers.get('content-type') ?? '';
    if (Number(response.headers.get('content-length') ?? 0) > LARGEST) {
      await response.body?.cancel();
      return { kind: '', rejects: null };
    }
    return { kind, rejects: kind.includes('csv') ? readRejects(new Uint8Array(await response.arrayBuffer()), kind, load.file) : null };
  });
  if (asked.error) return <Failed error={asked.error} again={asked.again} />;
  if (!asked.value) return <Waiting />;
  return (
    <>
      <p class="row"><Download path={path} text={t('mend.download')} /><span class="dim">{t('mend.download-about')}</span></p>
      {asked.value.rejects ? <Grid load={load} source={source} rejects={asked.value.rejects} /> : <p class="dim">{asked.value.kind ? t('mend.not-csv', { kind: asked.value.kind }) : t('mend.too-large')}</p>}
    </>
  );
}

function Grid({ load, source, rejects }: { load: Load; source: Source | null; rejects: Rejects }) {
  const mine = typed.get(load.id) ?? { cells: new Map<string, string>(), out: new Set<number>() };
  typed.set(load.id, mine);
  const [, redraw] = useState(0);
  const [error, setError] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const { header, rows } = rejects;
  const own = header.map((name, place) => ({ name, place })).filter((one) => !ADDED.includes(one.name));
  const at = (name: string) => header.indexOf(name);
  const [line, field, code, message] = ADDED.map(at) as [number, number, number, number];
  const value = (row: number, column: number) => mine.cells.get(`${row}.${column}`) ?? rows[row]?.[column] ?? '';
  const wrong = (row: string[], name: string) => {
    const named = row[field] ?? '';
    return named !== '' && named === name;
  };
  const set = (row: number, column: number, text: string) => {
    if (text === (rows[row]?.[column] ?? '')) mine.cells.delete(`${row}.${column}`);
    else mine.cells.set(`${row}.${column}`, text);
    redraw((count) => count + 1);
  };
  const whole = source?.scope === 'whole';
  const [page, setPage] = useState(0);
  const [only, setOnly] = useState('');
  const codes = [...new Set(rows.map((row) => row[code] ?? ''))].sort();
  const fit = rows.map((row, place) => ({ row, place })).filter(({ row }) => !only || row[code] === only);
  const pages = Math.max(1, Math.ceil(fit.length / SHOWN));
  const here = Math.min(page, pages - 1);
  const keepAll = (keep: boolean) => {
    for (const { place } of fit) if (keep) mine.out.delete(place); else mine.out.add(place);
    redraw((count) => count + 1);
  };
  const kept = rows.map((_, place) => place).filter((place) => !mine.out.has(place));
  const sending = async () => {
    setError(null);
    setBusy(true);
    const name = load.file.replace(/(\.rejects|\.mended)*(\.[^.]*)?$/, '') + '.mended.csv';
    try {
      const table = [own.map((one) => one.name), ...kept.map((row) => own.map((one) => value(row, one.place)))];
      const body = new Blob([encode(write(table), rejects.encoding, rejects.mark)]);
      const next = await send(name, body, { source: load.source ?? '', asOf: load.asOf ?? '', by: by.value });
      if (next) {
        typed.delete(load.id);
        go(href(['desk', 'load', next]));
        return;
      }
    } catch (problem) {
      setError(
        problem instanceof Unwritable
          ? asProblem(new Error(t('mend.unwritable', { character: problem.character, encoding: problem.encoding })))
          : asProblem(problem),
      );
    }
    setBusy(false);
  };
  const text = (row: string[]) => {
    // The desk writes both languages into one cell.
    const [zh = '', en = ''] = (row[message] ?? '').split(' / ');
    return lang.value === 'zh' ? zh : en || zh;
  };
  return (
    <>
      <p>{t('mend.about', { encoding: rejects.encoding.toUpperCase() })}</p>
      {whole && <p class="notice notice-warn">{t('mend.whole')}</p>}
      <div class="row">
        {codes.length > 1 && (
          <label class="row">{t('mend.why')}
            <select value={only} onChange={(event) => { setOnly(event.currentTarget.value); setPage(0); }}>
              <option value="">{t('all')} ({rows.length})</option>
              {codes.map((one) => <option key={one} value={one}>{one} ({rows.filter((row) => row[code] === one).length})</option>)}
            </select>
          </label>
        )}
        <button type="button" class="small" onClick={() => keepAll(true)}>{t('mend.keep-all')}</button>
        <button type="button" class="small" onClick={() => keepAll(false)}>{t('mend.keep-none')}</button>
        <span class="grow" />
        {pages > 1 && (
          <nav class="row" aria-label={t('mend.pages')}>
            <button type="button" class="small" disabled={here === 0} onClick={() => setPage(here - 1)}>{t('page.before')}</button>
            <span role="status">{t('page.of', { n: here + 1, all: pages })}</span>
            <button type="button" class="small" disabled={here + 1 >= pages} onClick={() => setPage(here + 1)}>{t('page.after')}</button>
          </nav>
        )}
      </div>
      <div class="table-scroll mend" tabIndex={0} role="region" aria-label={t('mend.grid')}>
        <table class="records">
          <thead>
            <tr>
              <th scope="col">{t('mend.keep')}</th>
              <th scope="col" class="number">{t('line')}</th>
              <th scope="col">{t('mend.why')}</th>
              {own.map((one) => <th key={one.place} scope="col">{one.name}</th>)}
            </tr>
          </thead>
          <tbody>
            {fit.slice(here * SHOWN, (here + 1) * SHOWN).map(({ row, place }) => {
              const out = mine.out.has(place);
              return (
                <tr key={place} class={out ? 'left-out' : undefined}>
                  <td>
                    <input
                      type="checkbox"
                      checked={!out}
                      aria-label={t('mend.keep-line', { line: row[line] ?? '' })}
                      onChange={() => {
                        if (out) mine.out.delete(place);
                        else mine.out.add(place);
                        redraw((count) => count + 1);
                      }}
                    />
                  </td>
                  <th scope="row" class="number">{row[line]}</th>
                  <td class="wrap why"><code>{row[code]}</code> {text(row)}</td>
                  {own.map((one) => (
                    <td key={one.place} class={`cell-input ${wrong(row, one.name) ? 'wrong' : ''} ${mine.cells.has(`${place}.${one.place}`) ? 'mended' : ''}`}>
                      <input
                        value={value(place, one.place)}
                        disabled={out}
                        size={Math.max(6, Math.min(28, value(place, one.place).length * 1.6))}
                        aria-label={`${t('line')} ${row[line]} ${one.name}`}
                        aria-invalid={wrong(row, one.name)}
                        spellcheck={false}
                        onInput={(event) => set(place, one.place, event.currentTarget.value)}
                      />
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {error && <Failed error={error} />}
      <p class="row">
        <button type="button" class="primary" disabled={busy || whole || !kept.length} onClick={() => void sending()}>{t('mend.send', { n: kept.length })}</button>
        <span class="dim">{t('mend.changed', { n: mine.cells.size })}</span>
        <span class="grow" />
        <Copy text={rows.map((row) => `${row[line]} ${row[message]}`).join('\n')} what={t('mend.why')} />
      </p>
      <ul class="uploads">{uploads.value.filter((one) => one.state !== 'arrived' && one.source === load.source).map((one) => <UploadRow key={one.key} upload={one} />)}</ul>
    </>
  );
}
