import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import type { UserConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Names the build in signed statements; a build outside a checkout says so instead of guessing. */
function buildName(): string {
  const version = process.env.npm_package_version ?? '0'
  try {
    const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return `${version}+${commit.trim()}`
  } catch {
    return `${version}+unversioned`
  }
}

/** What the two faces build alike. Each face has its own root, so that neither's chunks reach the other's precache. */
export function face(name: 'field' | 'desk', base: string): UserConfig {
  return {
    root: at(`src/${name}`),
    base,
    publicDir: at(`public/${name}`),
    cacheDir: at(`node_modules/.vite/${name}`),
    resolve: {
      alias: {
        '@shared': at('src/shared'),
        // The package's default entry wraps the ES5 build; the modern build is smaller and the same library.
        dexie: at('node_modules/dexie/dist/modern/dexie.mjs'),
      },
    },
    plugins: [vue()],
    define: {
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
      __BUILD__: JSON.stringify(buildName()),
    },
    worker: { format: 'es' },
    build: {
      outDir: at(`dist/${name}`),
      emptyOutDir: true,
      target: ['es2022', 'safari16.4', 'chrome108'],
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
    server: {
      fs: { allow: [at('.')] },
      proxy: { '/api': { target: 'http://127.0.0.1:8600', changeOrigin: false } },
    },
  }
}
