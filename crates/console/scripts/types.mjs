// Types of the server's interface, from a server that runs: `JIKU=http://127.0.0.1:8080 npm run types`.
// With --check nothing is written, and the types in the tree must be what the server says.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const base = process.env.JIKU ?? 'http://127.0.0.1:8080';
const place = new URL('../web/api/schema.d.ts', import.meta.url);
const text = `// Written by \`npm run types\` from /api; not by hand.\n${astToString(await openapiTS(new URL('/api', base)))}`;
if (process.argv.includes('--check')) {
  if ((await readFile(place, 'utf8')) !== text) {
    console.error('web/api/schema.d.ts is not what /api says: run `npm run types` and look at what changed.');
    process.exit(1);
  }
} else {
  await writeFile(place, text);
}
