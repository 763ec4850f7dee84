import type { BuildView } from '@slipway/contracts';
import { durationOf, linkTo, oneLine } from '../builds/words.js';

export interface Message {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const SHORT_COMMIT = 6;
const MAX_SUBJECT = 200;
const MAX_LAST_LINES = 20;
const ENDED: { readonly [Status in BuildView['status']]?: string } = {
  S: 'succeeded',
  F: 'failed',
  D: 'was cancelled',
};

/**
 * What a person is told of a build that has ended. Names, messages and log lines come from strangers: no control
 * character gets into a line, and nothing into HTML unescaped.
 */
export function messageOf(build: BuildView, publicUrl: string): Message {
  const image = `${build.docker_repo_path}:${build.docker_repo_tag}`;
  const status = ENDED[build.status] ?? build.state;
  const commit = build.code_head_commit;
  const suffix = commit === null ? '' : ` (${commit.slice(0, SHORT_COMMIT)})`;
  const fields: readonly (readonly [name: string, value: string | null])[] = [
    ['Image', image],
    ['Status', status],
    ['Source', `${build.code_repo_path}, ${build.code_repo_type} ${build.code_repo_type_value}`],
    ['Commit', commit],
    ['Duration', durationOf(build)],
    ['Requested by', build.created_by],
    ['Failure', build.failure && build.failure.message],
    ['Step', build.failure && build.failure.step],
  ];
  const told = fields.flatMap(([name, value]) => (value === null ? [] : [[name, oneLine(value)] as const]));
  const lines = (build.failure?.last_lines ?? []).slice(-MAX_LAST_LINES).map(oneLine);
  const link = linkTo(build, publicUrl);
  return {
    subject: oneLine(`[slipway] ${image} ${status}${suffix}`).slice(0, MAX_SUBJECT),
    text: textOf(told, lines, link),
    html: htmlOf(told, lines, link),
  };
}

type Told = readonly (readonly [name: string, value: string])[];

const textOf = (told: Told, lines: readonly string[], link: string): string =>
  [
    ...told.map(([name, value]) => `${name}: ${value}`),
    ...(lines.length === 0 ? [] : ['', 'Its last lines:', ...lines.map((line) => `  ${line}`)]),
    '',
    link,
    '',
  ].join('\n');

function htmlOf(told: Told, lines: readonly string[], link: string): string {
  const rows = told.map(([name, value]) => `<tr><th align="left">${escaped(name)}</th><td>${escaped(value)}</td></tr>`);
  const log = lines.length === 0 ? '' : `<p>Its last lines:</p><pre>${lines.map(escaped).join('\n')}</pre>`;
  return `<table>${rows.join('')}</table>${log}<p><a href="${escaped(link)}">${escaped(link)}</a></p>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
