/** Keys: who may ask. They are made where the server is, by who runs it; the interface hands none out. */
import { Copy } from '../parts';
import { session } from '../api/session';
import { t } from '../text';

const LINES = {
  list: 'jiku keys --data DIR',
  create: 'jiku keys create NAME --role ROLE --department DEPARTMENT --data DIR',
  rotate: 'jiku keys rotate NAME --overlap 7d --data DIR',
  revoke: 'jiku keys revoke NAME --data DIR',
} as const;

export function Keys() {
  const { key } = session.value;
  // What may be read aloud of a key: the name it begins with, not its secret.
  const shown = key.length > 12 ? `${key.slice(0, 9)}…` : '…';
  return (
    <section class="stack" aria-labelledby="keys">
      <h1 id="keys" class="view-head">{t('trust.keys')}</h1>
      <p>{t('keys.mine')} <code>{shown}</code></p>
      <p class="dim">{t('keys.about')}</p>
      <dl class="panel stack">
        {(Object.keys(LINES) as (keyof typeof LINES)[]).map((name) => (
          <div key={name}><dt>{t(`keys.${name}`)}</dt><dd class="row"><code class="line grow">{LINES[name]}</code><Copy text={LINES[name]} what={t(`keys.${name}`)} /></dd></div>
        ))}
      </dl>
    </section>
  );
}
