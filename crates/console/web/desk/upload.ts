/**
 * Files on their way to the server. They live beside the views, so that nothing is lost when the reader looks
 * elsewhere; a file whose connection broke can be sent again, and is not taken twice if it had arrived after all.
 */
import { signal } from '@preact/signals';
import { address, get, ProblemError, unreachable, type Problem } from '../api/client';
import type { Load } from '../api/model';
import { headers, refused } from '../api/session';
import { lang, t } from '../text';

export interface Upload {
  key: number;
  name: string;
  size: number;
  body: Blob;
  source: string;
  asOf: string;
  by: string;
  sent: number;
  state: 'sending' | 'lost' | 'refused' | 'arrived';
  error: ProblemError | null;
  load: string | null;
  begun: number;
}

export const uploads = signal<readonly Upload[]>([]);

let count = 0;

const change = (key: number, part: Partial<Upload>) => {
  uploads.value = uploads.value.map((one) => (one.key === key ? { ...one, ...part } : one));
};

export const forget = (key: number): void => {
  uploads.value = uploads.value.filter((one) => one.key !== key);
};

/** Sends a file; the answer is the load, as soon as the file is there. */
export function send(name: string, body: Blob, given: { source: string; asOf: string; by: string }): Promise<string | null> {
  const upload: Upload = { key: ++count, name, size: body.size, body, ...given, sent: 0, state: 'sending', error: null, load: null, begun: Date.now() };
  uploads.value = [upload, ...uploads.value];
  return run(upload);
}

/** Asks again after a lost connection: first whether the file had arrived. */
export async function again(upload: Upload): Promise<string | null> {
  change(upload.key, { state: 'sending', sent: 0, error: null });
  try {
    const { loads } = await get<{ loads: Load[] }>('/loads', { limit: 50 });
    const there = loads.find(
      (one) => one.file === upload.name && one.size === upload.size && one.by === upload.by && Date.parse(one.received) >= upload.begun - 1000,
    );
    if (there) {
      change(upload.key, { state: 'arrived', sent: upload.size, load: there.id });
      return there.id;
    }
  } catch (error) {
    change(upload.key, { state: 'lost', error: error instanceof ProblemError ? error : unreachable() });
    return null;
  }
  return run({ ...upload, begun: Date.now() });
}

function run(upload: Upload): Promise<string | null> {
  return new Promise((resolve) => {
    // fetch does not tell how much has been sent.
    const request = new XMLHttpRequest();
    const { source, asOf, by } = upload;
    request.open('POST', address('/loads', { source, asOf, by, file: upload.name }));
    request.setRequestHeader('accept', 'application/json');
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    request.setRequestHeader('accept-language', lang.value === 'zh' ? 'zh-CN' : 'en');
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = (event) => change(upload.key, { sent: event.loaded });
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        const load = JSON.parse(request.responseText) as Load;
        change(upload.key, { state: 'arrived', sent: upload.size, load: load.id });
        resolve(load.id);
        return;
      }
      if (request.status === 401) refused();
      let problem: Problem;
      try {
        problem = JSON.parse(request.responseText) as Problem;
      } catch {
        problem = { type: 'about:blank', title: '', status: request.status, code: 'status', detail: t('error.status', { status: request.status }) };
      }
      change(upload.key, { state: 'refused', error: new ProblemError(problem, request.getResponseHeader('jiku-receipt')) });
      resolve(null);
    };
    request.onerror = request.onabort = () => {
      change(upload.key, { state: 'lost', error: unreachable() });
      resolve(null);
    };
    request.send(upload.body);
  });
}
