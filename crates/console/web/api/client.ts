/** Requests to the server that serves this page, and to no other. */
import { lang, t, type Label } from '../text';
import type { components } from './schema';
import { headers as own, refused } from './session';

export type Problem = components['schemas']['Problem'];

/** What the server refused, or that it could not be asked. */
export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    /** The number under which this answer was recorded, where answers are. */
    readonly receipt: string | null = null,
    /** After how many seconds it may be asked again, where the server says so. */
    readonly wait: number | null = null,
  ) {
    super(problem.detail);
  }

  get code(): string {
    return this.problem.code;
  }

  /** In the language chosen. */
  get text(): string {
    return this.problem.messages?.[lang.value] || this.problem.detail;
  }
}

/** The network, or a server that is gone. */
export function unreachable(): ProblemError {
  return new ProblemError({ type: 'about:blank', title: '', status: 0, code: 'unreachable', detail: t('error.unreachable') });
}

type Parameters = Record<string, string | number | null | undefined>;

/** An address with parameters; those without a value are left out. */
export function address(path: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** What a failed answer says, as an error. */
export async function failure(response: Response): Promise<ProblemError> {
  const receipt = response.headers.get('jiku-receipt');
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  const wait = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  try {
    const problem = (await response.json()) as Problem;
    if (typeof problem.code === 'string') return new ProblemError(problem, receipt, wait);
  } catch {
    // Not one of ours: what stands between may answer as it likes.
  }
  const detail = t('error.status', { status: String(response.status) });
  return new ProblemError({ type: 'about:blank', title: '', status: response.status, code: 'status', detail }, receipt, wait);
}

/** An answer that succeeded. */
export async function ask(path: string, options: RequestInit = {}): Promise<Response> {
  const headers = new Headers({ ...own(), ...(options.headers as Record<string, string> | undefined) });
  headers.set('accept-language', lang.value === 'zh' ? 'zh-CN' : 'en');
  if (!headers.has('accept')) headers.set('accept', 'application/json');
  let response: Response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw unreachable();
  }
  if (response.status === 401) refused();
  if (!response.ok) throw await failure(response);
  return response;
}

export async function get<T>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<T> {
  return (await (await ask(address(path, parameters), { signal })).json()) as T;
}

export async function post<T>(path: string, body?: unknown, signal?: AbortSignal, headers: Record<string, string> = {}): Promise<T> {
  const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const text = body === undefined ? undefined : JSON.stringify(body);
  const response = await ask(path, { method: 'POST', body: text, signal, headers: { ...json, ...headers } });
  return (await response.json()) as T;
}

export type { Label };
