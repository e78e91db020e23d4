import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Every file a second and third time, compressed once here instead of at each request; of what is written, not before. */
function precompressed(): Plugin {
  return {
    name: 'precompressed',
    apply: 'build',
    async writeBundle({ dir = 'dist' }, bundle) {
      for (const name of Object.keys(bundle)) {
        if (!/\.(js|mjs|css|html|svg|json)$/.test(name)) continue;
        const file = join(dir, name);
        const source = await readFile(file);
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: source.length };
        await writeFile(`${file}.br`, brotliCompressSync(source, { params }));
        await writeFile(`${file}.gz`, gzipSync(source, { level: 9 }));
      }
    },
  };
}

const api = process.env.JIKU ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/console/',
  plugins: [precompressed()],
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Inlined assets would need data: in the policy that the server sends.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
  },
  // `npm run dev` shows the console of a server that runs besides.
  server: { proxy: { '^/(?!console)': { target: api, changeOrigin: true, headers: { origin: api } } } },
  test: { include: ['web/**/*.test.ts'], environment: 'node' },
} as Parameters<typeof defineConfig>[0]);
