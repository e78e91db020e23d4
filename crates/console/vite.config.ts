import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Every file a second and third time, compressed once here instead of at each request. */
function precompressed(): Plugin {
  return {
    name: 'precompressed',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (!/\.(js|mjs|css|html|svg|json)$/.test(file.fileName)) continue;
        const source = Buffer.from(file.type === 'chunk' ? file.code : file.source);
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: source.length };
        const br = brotliCompressSync(source, { params });
        this.emitFile({ type: 'asset', fileName: `${file.fileName}.br`, source: br });
        this.emitFile({ type: 'asset', fileName: `${file.fileName}.gz`, source: gzipSync(source, { level: 9 }) });
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
