/** What stands around every view: the way between them, the times asked about, language and colours. */
import { Component, type ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Desk } from './desk';
import { signOut, unknown } from './api/session';
import { lazy } from './map/lazy';
import { Empty, Failed } from './parts';
import { asProblem } from './parts/ask';
import { Record } from './record';
import { NewRecord } from './record/new';
import { change, go, href, route } from './router';
import { Search } from './search';
import { choose, theme } from './settings';
import { SignIn } from './sign';
import { Task, TaskDialog } from './task';
import { lang, t, type Key } from './text';

const MapView = lazy(async () => (await import('./map/view')).MapView);
const Verify = lazy(async () => (await import('./verify')).Verify);
const Catalogue = lazy(async () => (await import('./catalogue')).Catalogue);
const Trust = lazy(async () => (await import('./trust')).Trust);
const Series = lazy(async () => (await import('./series')).Series);

const VIEWS: { name: string; text: Key }[] = [
  { name: 'search', text: 'nav.search' },
  { name: 'map', text: 'nav.map' },
  { name: 'verify', text: 'nav.verify' },
  { name: 'series', text: 'nav.series' },
  { name: 'desk', text: 'nav.desk' },
  { name: 'catalogue', text: 'nav.catalogue' },
  { name: 'trust', text: 'nav.trust' },
];

export function Shell() {
  const { path } = route.value;
  const view = path[0] ?? '';
  useEffect(() => {
    if (!view) go(href(['search']), true);
  }, [view]);
  // Whoever follows a link with the keyboard or a screen reader goes on where the new view begins.
  const main = useRef<HTMLElement>(null);
  const place = path.join('/');
  const before = useRef(place);
  useEffect(() => {
    if (before.current !== place) main.current?.focus({ preventScroll: true });
    before.current = place;
  }, [place]);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>{t('skip')}</a>
      <header class="top">
        <a class="brand" href={href(['search'])}><span aria-hidden="true">基库</span> <span>Jiku</span></a>
        <nav aria-label={t('nav')}>
          <ul>
            {VIEWS.map((one) => (
              <li key={one.name}>
                <a href={href([one.name])} aria-current={view === one.name || (['record', 'new'].includes(view) && one.name === 'search') ? 'page' : undefined}>{t(one.text)}</a>
              </li>
            ))}
          </ul>
        </nav>
        <span class="grow" />
        {!unknown.value && ['search', 'map', 'series', 'verify'].includes(view) && <Times />}
        {!unknown.value && <Task />}
        {!unknown.value && <button type="button" class="bare" onClick={signOut}>{t('sign.out')}</button>}
        <button type="button" class="bare" lang={lang.value === 'zh' ? 'en' : 'zh'} onClick={() => choose({ lang: lang.value === 'zh' ? 'en' : 'zh' })}>
          {lang.value === 'zh' ? 'English' : '中文'}
        </button>
        <button type="button" class="bare" aria-pressed={theme.value === 'dark'} onClick={() => choose({ theme: theme.value === 'dark' ? 'light' : 'dark' })}>
          {t('dark')}
        </button>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <Boundary key={`${place} ${unknown.value}`}>
          {unknown.value ? <SignIn /> : <View view={view} />}
        </Boundary>
      </main>
      <TaskDialog />
    </>
  );
}

function View({ view }: { view: string }) {
  switch (view) {
    case '':
    case 'search':
      return <Search />;
    case 'record':
      return <Record />;
    case 'desk':
      return <Desk />;
    case 'map':
      return <MapView />;
    case 'series':
      return <Series />;
    case 'new':
      return <NewRecord />;
    case 'verify':
      return <Verify />;
    case 'catalogue':
      return <Catalogue />;
    case 'trust':
      return <Trust />;
    default:
      return <Empty><p>{t('nowhere')}</p><p><a href={href(['search'])}>{t('nav.search')}</a></p></Empty>;
  }
}

/** The pair of times that every question is asked about; none means now. */
function Times() {
  const { query } = route.value;
  const [valid, known] = [query.get('validAt') ?? '', query.get('knownAt') ?? ''];
  const away = !!(valid || known);
  return (
    <div class={`times ${away ? 'away' : ''}`} role="group" aria-label={t('times')}>
      <label>
        <span>{t('valid-at')}</span>
        <input type="date" value={valid} onChange={(event) => change({ validAt: event.currentTarget.value || null })} />
      </label>
      <label>
        <span>{t('known-at')}</span>
        <input type="date" value={known.slice(0, 10)} onChange={(event) => change({ knownAt: event.currentTarget.value || null })} />
      </label>
      {away && <button type="button" class="small" onClick={() => change({ validAt: null, knownAt: null })}>{t('now')}</button>}
    </div>
  );
}

/** A view that breaks says so, and leaves the others alone. */
class Boundary extends Component<{ children: ComponentChildren }, { error: unknown }> {
  override state = { error: null as unknown };
  static override getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override render() {
    if (this.state.error) return <Failed error={asProblem(this.state.error)} again={() => this.setState({ error: null })} />;
    return this.props.children;
  }
}
