/** The rehearsal's findings: what would change, before and after; and how the file looks, column by column. */
import type { Schema } from '../api/catalog';
import { Bar } from '../parts';
import { href } from '../router';
import { label, number, t } from '../text';
import type { Column, Report } from './report';

export function Effects({ report, collection, schema }: { report: Report; collection: string; schema: Schema | null }) {
  const fields = report.fields ?? [];
  const moved = (report.divisions ?? []).filter((one) => one.before !== one.after || one.arrived || one.left);
  const most = Math.max(1, ...moved.map((one) => Math.max(one.before, one.after)));
  const unresolved = (report.references ?? []).filter((one) => one.count > 0);
  const suspects = (report.suspects ?? []).filter((one) => one.in_file || one.in_register);
  return (
    <>
      {report.rows && report.rows.corrected > 0 && <p class="notice notice-warn">{t('effects.corrected', { n: report.rows.corrected })}</p>}
      {report.missing && report.missing.count > 0 && <p class="notice notice-warn">{t('effects.missing', { n: report.missing.count })}</p>}
      <section>
        <h3>{t('effects.fields')}</h3>
        {!fields.length && <p class="dim">{t('effects.no-fields')}</p>}
        {fields.map((field) => (
          <details key={field.field} class="effect">
            <summary>{label(field.label, field.field)} <span class="dim">{(['changed', 'filled', 'emptied', 'corrected'] as const).filter((name) => field[name] > 0).map((name) => t(`effects.n-${name}`, { n: field[name] })).join(' · ')}</span></summary>
            <div class="table-scroll" tabIndex={0} role="region" aria-label={label(field.label, field.field)}>
              <table class="records">
                <thead><tr><th scope="col">{t('effects.record')}</th><th scope="col">{t('effects.before')}</th><th scope="col">{t('effects.after')}</th><th scope="col">{t('effects.from')}</th><th scope="col" class="number">{t('line')}</th></tr></thead>
                <tbody>
                  {field.examples.map((one) => (
                    <tr key={one.line}>
                      <th scope="row">{one.id && schema ? <a href={href(['record', collection, one.id])}>{one.title || one.key}</a> : one.title || one.key}</th>
                      <td class="wrap removed">{one.before ?? '–'}</td>
                      <td class="wrap added">{one.after ?? '–'}</td>
                      <td class="number">{one.from}{one.corrects && <span class="badge warn">{t('effects.corrects')}</span>}</td>
                      <td class="number">{one.line}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        ))}
      </section>
      {unresolved.length > 0 && (
        <section>
          <h3>{t('effects.references')}</h3>
          <ul>
            {unresolved.map((one) => (
              <li key={one.field}>{label(one.label, one.field)}: {t('effects.unresolved', { n: one.count, all: one.all })} <span class="dim">{one.examples.map((each) => each.key).slice(0, 3).join('、')}…</span></li>
            ))}
          </ul>
        </section>
      )}
      {suspects.length > 0 && (
        <section>
          <h3>{t('effects.suspects')}</h3>
          {suspects.map((one) => (
            <details key={one.rule} class="effect">
              <summary>{label(one.label, one.rule)} <span class="dim">{t('effects.pairs', { file: one.in_file, register: one.in_register })}</span></summary>
              <ul>
                {one.register_examples.map((pair) => (
                  <li key={pair.line}>{t('line')} {pair.line}: {pair.title} <code>{pair.key}</code> ~ {pair.known.id ? <a href={href(['record', collection, pair.known.id])}>{pair.known.title}</a> : pair.known.title} <code>{pair.known.key}</code></li>
                ))}
              </ul>
            </details>
          ))}
        </section>
      )}
      {moved.length > 0 && (
        <section>
          <h3>{t('effects.divisions')}</h3>
          <div class="table-scroll" tabIndex={0} role="region" aria-label={t('effects.divisions')}>
            <table class="records">
              <thead><tr><th scope="col">{t('effects.division')}</th><th scope="col" class="number">{t('effects.before')}</th><th scope="col" class="number">{t('effects.after')}</th><th scope="col" class="number">±</th><th scope="col" class="wide"><span class="hidden">{t('effects.share')}</span></th></tr></thead>
              <tbody>
                {moved.map((one) => (
                  <tr key={one.code}>
                    <th scope="row">{one.name ?? (one.code || t('effects.nowhere'))}</th>
                    <td class="number">{number(one.before)}</td><td class="number">{number(one.after)}</td>
                    <td class="number">{one.after > one.before ? '+' : ''}{number(one.after - one.before)}</td>
                    <td class="wide"><Bar share={one.after / most} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </>
  );
}

/** A column at a glance: how full, how many values, which, in which forms, how spread. */
export function Columns({ columns, fieldName }: { columns: Column[]; fieldName: (name: string | null) => string }) {
  return (
    <div class="profiles">
      {columns.map((one) => {
        const top = one.top.slice(0, 5);
        const most = Math.max(1, ...top.map((value) => value.count));
        const allForms = one.formats.reduce((sum, form) => sum + form.count, one.other_formats) || 1;
        return (
          <article key={one.header} class="profile">
            <h3>{one.header} {one.field ? <span class="dim">→ {fieldName(one.field)}</span> : <span class="badge quiet">{t('profile.unused')}</span>}</h3>
            <p class="row dim"><span>{t('profile.filled', { n: one.filled, all: one.cells })}</span><span class="grow"><Bar share={one.cells ? one.filled / one.cells : 0} /></span>{one.filled < one.cells && <span class="badge warn">{t('profile.empty', { n: one.cells - one.filled })}</span>}</p>
            <p class="dim">{t(one.distinct_exact ? 'profile.distinct' : 'profile.distinct-about', { n: one.distinct })}{one.masked && <span class="badge quiet">{t('profile.masked')}</span>}</p>
            {top.length > 0 && (
              <ul class="tops">{top.map((value) => <li key={value.value}><span class="facet-text">{value.value}</span><span class="facet-count">{number(value.count)}</span><Bar share={value.count / most} /></li>)}</ul>
            )}
            {one.formats.length > 0 && (
              <ul class="forms" aria-label={t('profile.forms')}>{one.formats.slice(0, 4).map((form) => <li key={form.form}><code>{form.form}</code> <span class="dim">{Math.round((form.count / allForms) * 1000) / 10}%</span></li>)}</ul>
            )}
            {one.spread && <Spread spread={one.spread} />}
          </article>
        );
      })}
    </div>
  );
}

function Spread({ spread }: { spread: NonNullable<Column['spread']> }) {
  const value = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text));
  const [low, high, middle] = [value(spread.minimum), value(spread.maximum), value(spread.median)];
  const share = high > low ? (middle - low) / (high - low) : 0.5;
  const shown = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? number(Number(text)) : text);
  return (
    <div class="spread">
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><line x1="0" y1="5" x2="100" y2="5" /><rect x={Math.max(0, share * 100 - 1)} y="1" width="2" height="8" /></svg>
      <p class="row dim"><span>{shown(spread.minimum)}</span><span class="grow center">{t('profile.median')} {shown(spread.median)}</span><span>{shown(spread.maximum)}</span></p>
    </div>
  );
}
