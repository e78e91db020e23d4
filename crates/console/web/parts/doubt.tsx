/** That a record is in doubt, or that its sources disagree: said wherever it is shown. */
import { schema, title } from '../api/catalog';
import type { Feature } from '../api/model';
import { t } from '../text';
import { useAsk } from './ask';

export function Doubt({ feature, collection }: { feature: Feature; collection?: string }) {
  const { disputes, conflicts } = feature;
  if (!disputes && !conflicts) return null;
  return <Marks doubted={Object.keys(disputes ?? {})} contested={Object.keys(conflicts ?? {})} collection={collection ?? feature.collection ?? null} />;
}

function Marks({ doubted, contested, collection }: { doubted: string[]; contested: string[]; collection: string | null }) {
  const known = useAsk(collection, () => schema(collection ?? '')).value;
  const names = (all: string[]) => all.map((name) => { const field = known?.byName.get(name); return field ? title(field) : name; }).join('、');
  return (
    <>
      {doubted.length > 0 && <span class="badge bad" title={names(doubted)}>{t('mark.doubt')}</span>}
      {contested.length > 0 && <span class="badge warn" title={names(contested)}>{t('mark.conflict')}</span>}
    </>
  );
}
