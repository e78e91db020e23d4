/** What was answered to whom, who asked for what, who doubts what: the work of trust, and what of it is late. */
import { href, route } from '../router';
import { t, type Key } from '../text';
import { Audit } from './audit';
import { BoardView } from './board';
import { Keys } from './keys';
import { Objections } from './objections';
import { ReceiptPage } from './receipt';
import { Receipts } from './receipts';
import { Recalls } from './recalls';
import { Requests } from './requests';
import { SubjectLog } from './subject';

const PLACES: { name: string; text: Key }[] = [
  { name: 'receipts', text: 'trust.receipts' },
  { name: 'recalls', text: 'trust.recalls' },
  { name: 'subject', text: 'trust.subject' },
  { name: 'requests', text: 'trust.requests' },
  { name: 'objections', text: 'trust.objections' },
  { name: 'board', text: 'trust.board' },
  { name: 'audit', text: 'trust.audit' },
  { name: 'keys', text: 'trust.keys' },
];

export function Trust() {
  const [, place = 'receipts', id = ''] = route.value.path;
  return (
    <div class="view trust">
      <nav class="subnav" aria-label={t('nav.trust')}>
        <ul>{PLACES.map((one) => <li key={one.name}><a href={href(['trust', one.name])} aria-current={one.name === place ? 'page' : undefined}>{t(one.text)}</a></li>)}</ul>
      </nav>
      <Place key={`${place}/${id}`} place={place} id={id} />
    </div>
  );
}

function Place({ place, id }: { place: string; id: string }) {
  switch (place) {
    case 'recalls':
      return <Recalls />;
    case 'subject':
      return <SubjectLog />;
    case 'requests':
      return <Requests id={id} />;
    case 'objections':
      return <Objections id={id} />;
    case 'board':
      return <BoardView />;
    case 'audit':
      return <Audit />;
    case 'keys':
      return <Keys />;
    default:
      return id ? <ReceiptPage id={id} /> : <Receipts />;
  }
}
