import { defineConfig, type OxlintOverride } from 'oxlint';
import { IMPORT_TABLE, SPEC_EXTRA, type MayImport } from './tools/lint/import-table.ts';

/** Everything but the project's own files and what the table names. */
const only = ({ slipway, packages }: MayImport, project: string): NonNullable<OxlintOverride['rules']> => ({
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        {
          group: [
            '*',
            '!./*',
            '!../*',
            '!./**',
            '!../**',
            ...slipway.map((lib) => `!@slipway/${lib}`),
            ...packages.flatMap((name) =>
              name === 'node:*' ? ['!node:*', '!node:*/*'] : [`!${name.replace('/**', '')}`, `!${name}`],
            ),
          ],
          message: `${project} may not import this: see tools/lint/import-table.ts`,
        },
      ],
    },
  ],
});

const extended = (may: MayImport): MayImport => ({
  slipway: [...may.slipway, ...SPEC_EXTRA.slipway],
  packages: [...may.packages, ...SPEC_EXTRA.packages],
});

/** Tests, and what only they use. */
const specFiles = (project: string) => [
  `${project}/**/*.{spec,fixtures,fixture}.ts`,
  `${project}/**/{fixtures,contract,testing}/**`,
];

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import'],
  categories: { correctness: 'error' },
  env: { node: true, jest: true },
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': 'error',
    'import/no-cycle': 'error',
    'max-lines': ['error', { max: 300 }],
    'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
    'max-params': ['error', { max: 4 }],
  },
  overrides: [
    ...Object.entries(IMPORT_TABLE).flatMap(([project, may]) => [
      { files: [`${project}/**/*.ts`], rules: only(may, project) },
      { files: specFiles(project), rules: only(extended(may), project) },
    ]),
    { files: ['**/*.{spec,contract,fixtures}.ts'], rules: { 'max-lines-per-function': 'off' } }, // a describe is one
    {
      files: ['libs/domain/**/*.ts'],
      rules: { 'no-restricted-globals': ['error', 'Date', 'process', 'console', 'setTimeout', 'fetch', 'crypto'] },
    },
  ],
  ignorePatterns: ['.slipway/**', '.nx/**', 'tools/lint/fixture/**', 'libs/client/src/api.ts'],
});
