// Runs TypeScript without a build: `node --import ./tools/ts-hook.mjs file.ts`. Decorators work, no metadata is emitted.
// What was translated once is kept by its content under .slipway/cache, and so is what V8 compiled: tests start many
// processes.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, enableCompileCache, registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../.slipway/cache', import.meta.url));
const COMPILER_OPTIONS = {
  experimentalDecorators: true,
  useDefineForClassFields: true,
  verbatimModuleSyntax: true,
};
const require = createRequire(import.meta.url);
const VERSION = JSON.stringify([COMPILER_OPTIONS, require('esbuild/package.json').version]);

enableCompileCache(join(CACHE, 'node'));

const isTs = (url) => url?.startsWith('file:') && new URL(url).pathname.endsWith('.ts');

/** esbuild is a process of its own, so it is only asked for what nobody has translated before. */
function translate(source, sourcefile) {
  const key = createHash('sha256').update(VERSION).update(sourcefile).update('\0').update(source).digest('hex');
  const kept = join(CACHE, 'ts', `${key}.js`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const { code } = require('esbuild').transformSync(source, {
    loader: 'ts',
    format: 'esm',
    target: 'es2024',
    sourcefile,
    sourcemap: 'inline',
    keepNames: true,
    tsconfigRaw: { compilerOptions: COMPILER_OPTIONS },
  });
  keep(kept, code);
  return code;
}

/** Whole or not at all, whoever else writes it; a checkout that may not be written to is translated every time. */
function keep(file, code) {
  const whole = `${file}.${process.pid}.${performance.now()}`;
  try {
    mkdirSync(join(CACHE, 'ts'), { recursive: true });
    writeFileSync(whole, code);
    renameSync(whole, file);
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM', 'ENOSPC'].includes(error.code)) throw error;
  }
}

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('.') && specifier.endsWith('.js') && isTs(context.parentURL)) {
      const ts = new URL(`${specifier.slice(0, -3)}.ts`, context.parentURL);
      if (existsSync(ts)) return next(ts.href, context);
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (!isTs(url) || url.includes('/node_modules/')) return next(url, context);
    const file = fileURLToPath(url);
    return { format: 'module', source: translate(readFileSync(file, 'utf8'), file), shortCircuit: true };
  },
});
