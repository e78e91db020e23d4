/** What waits for whom, the overdue first; and grants that end soon. */
import { departmentName } from '../api/departments';
import { Empty, Failed, Waiting } from '../parts';
import { useAsk } from '../parts/ask';
import { href } from '../router';
import { t } from '../text';
import { call, Clock, SpeakingFor, speaking } from './acting';
import type { Board } from './model';

export function BoardView() {
  const asked = useAsk(`board ${speaking.value}`, () => call<Board>('/requests/board'));
  const board = asked.value;
  return (
    <section class="stack" aria-labelledby="trust-board">
      <div class="row">
        <h1 id="trust-board" class="view-head grow">{t('trust.board')} {board && <span class="count">{board.today} · {t('board.counts', { overdue: board.overdue, soon: board.dueSoon })}</span>}</h1>
        <SpeakingFor />
        <button type="button" onClick={asked.again}>{t('refresh')}</button>
      </div>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!board && asked.waiting && <Waiting />}
      {board && !board.waiting.length && <Empty>{t('board.none')}</Empty>}
      {board && board.waiting.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="region" aria-labelledby="trust-board">
          <table class="records">
            <thead><tr><th scope="col">{t('board.what')}</th><th scope="col">{t('collection')}</th><th scope="col">{t('board.by')}</th><th scope="col">{t('board.waits-for')}</th><th scope="col">{t('request.clock')}</th></tr></thead>
            <tbody>
              {board.waiting.map((one) => (
                <tr key={one.id} class={one.clock.urgency === 'overdue' ? 'doubted' : one.clock.urgency === 'due-soon' ? 'contested' : undefined}>
                  <th scope="row"><a href={href(['trust', one.kind === 'request' ? 'requests' : 'objections', one.id])}>{t(`board.${one.kind}`)}</a></th>
                  <td>{one.collection}</td><td>{departmentName(one.by)}</td><td>{one.waitsFor.map(departmentName).join('、')}</td><td><Clock of={one.clock} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {board && board.ending.length > 0 && (
        <section class="panel"><h2>{t('board.ending')}</h2>
          <ul>{board.ending.map((one) => <li key={one.id}><a href={href(['trust', 'requests', one.id])}>{one.collection}</a> {departmentName(one.applicant)} <span class="dim">{one.until}</span></li>)}</ul>
        </section>
      )}
    </section>
  );
}
