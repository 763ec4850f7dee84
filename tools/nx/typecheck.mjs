// Typechecks one project: `node tools/nx/typecheck.mjs libs/domain`. The repository as a whole is checked by `tsc -p tsconfig.json`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [project = ''] = process.argv.slice(2);
const directory = resolve('.slipway/tsconfig');
const file = join(directory, `${project.replaceAll('/', '-')}.json`);
mkdirSync(directory, { recursive: true });
writeFileSync(
  file,
  JSON.stringify({
    extends: resolve('tsconfig.base.json'),
    compilerOptions: { typeRoots: [resolve('node_modules/@types')] },
    include: [resolve(project, 'src')],
  }),
);
process.exit(spawnSync('tsc', ['-p', file], { stdio: 'inherit' }).status ?? 1);
