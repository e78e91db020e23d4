/** My receipts, the newest first; of everybody for who audits. */
import { get } from '../api/client';
import { departmentName } from '../api/departments';
import { Empty, Failed, Waiting } from '../parts';
import { useAsk } from '../parts/ask';
import { change, href, route } from '../router';
import { instant, t } from '../text';
import type { Summary } from './model';

export function Receipts() {
  const { query } = route.value;
  const [cursor, caller] = [query.get('cursor') ?? '', query.get('caller') ?? ''];
  const asked = useAsk(`${cursor} ${caller}`, (signal) => get<{ receipts: Summary[]; cursor: string | null }>('/receipts', { cursor, caller, limit: 50 }, signal));
  const sees = asked.value?.receipts.some((one) => one.caller !== undefined);
  return (
    <section class="stack" aria-labelledby="receipts">
      <div class="row">
        <h1 id="receipts" class="view-head grow">{t(sees ? 'trust.all-receipts' : 'trust.receipts')}</h1>
        <form class="row" onSubmit={(event) => { event.preventDefault(); const id = String(new FormData(event.currentTarget).get('receipt') ?? '').trim(); if (id) location.hash = href(['trust', 'receipts', id]); }}>
          <label class="hidden" for="receipt">{t('receipt.number')}</label>
          <input id="receipt" name="receipt" class="mono" placeholder={t('receipt.number')} spellcheck={false} autocomplete="off" />
          <button type="submit">{t('receipt.find')}</button>
        </form>
        {caller && <button type="button" onClick={() => change({ caller: null, cursor: null })}>{t('all')}</button>}
        <button type="button" onClick={asked.again}>{t('refresh')}</button>
      </div>
      <p class="dim">{t('trust.receipts-about')}</p>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.value && asked.waiting && <Waiting />}
      {asked.value && !asked.value.receipts.length && <Empty>{t('trust.no-receipts')}</Empty>}
      {asked.value && asked.value.receipts.length > 0 && <SummaryTable all={asked.value.receipts} />}
      <div class="row">
        {cursor && <button type="button" onClick={() => history.back()}>{t('page.before')}</button>}
        {asked.value?.cursor && <button type="button" onClick={() => change({ cursor: asked.value?.cursor })}>{t('page.after')}</button>}
      </div>
    </section>
  );
}

export function SummaryTable({ all }: { all: Summary[] }) {
  const sees = all.some((one) => one.caller !== undefined);
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-labelledby="receipts">
      <table class="records">
        <thead>
          <tr><th scope="col">{t('receipt.instant')}</th>{sees && <th scope="col">{t('receipt.caller')}</th>}<th scope="col">{t('receipt.asked')}</th><th scope="col" class="number">{t('receipt.status')}</th><th scope="col">{t('sign.purpose')}</th><th scope="col">{t('receipt.case')}</th></tr>
        </thead>
        <tbody>
          {all.map((one) => (
            <tr key={one.receipt}>
              <th scope="row" class="period"><a href={href(['trust', 'receipts', one.receipt])} title={one.receipt}>{instant(one.instant)}</a></th>
              {sees && <td>{one.caller ? <a href={href(['trust', 'receipts'], { caller: one.caller.id })}>{one.caller.label || one.caller.id}</a> : <span class="dim">–</span>}{one.caller?.department && <span class="dim"> {departmentName(one.caller.department)}</span>}</td>}
              <td class="mono">{one.method} {one.path}</td>
              <td class="number">{one.status !== null && <span class={`badge ${one.status < 400 ? 'quiet' : one.status < 500 ? 'warn' : 'bad'}`}>{one.status}</span>}</td>
              <td>{one.purpose}</td>
              <td>{one.case}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
