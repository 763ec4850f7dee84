import { BuildFailure } from '../builder/build-failure.js';

/** The official frontend: every BuildKit has a version of it built in, which is used instead. */
const OFFICIAL_FRONTEND = /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?$/;

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;

export interface CheckedDockerfile {
  /** The text to build from; same number of lines as the original, so that errors name the right one. */
  readonly text: string;
  /** The frontend that was asked for and is not fetched. */
  readonly ignoredFrontend: string | undefined;
}

/**
 * A `# syntax=` line makes BuildKit fetch an image and run it as the builder: code of an outsider's choice, from a host
 * of their choice. The official frontend is replaced by the built-in one; any other is refused.
 * Newer BuildKits read the line in three spellings, so all are looked for.
 * Source: github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/directives.go
 * @throws BuildFailure FRONTEND_REFUSED
 */
export function checkDirectives(dockerfile: string): CheckedDockerfile {
  const lines = dockerfile.replace(/^\uFEFF/, '').split('\n');
  refuseOtherSpellings(lines);
  const first = lines[0]?.startsWith('#!') ? 1 : 0;
  const end = endOfDirectives(lines, first);
  const at = lines.findIndex((line, index) => index >= first && index < end && nameOf(line) === 'syntax');
  if (at === -1) return { text: lines.join('\n'), ignoredFrontend: undefined };

  const frontend = DIRECTIVE.exec(lines[at]!.trimEnd())![2]!;
  if (!OFFICIAL_FRONTEND.test(frontend)) throw refused(frontend);
  // An ordinary comment ends the directives: it goes behind the others (`# escape=`).
  const kept = lines.filter((_, index) => index !== at);
  kept.splice(end - 1, 0, '# the built-in frontend is used');
  const { text } = checkDirectives(kept.join('\n')); // a second syntax line must not slip through
  return { text, ignoredFrontend: frontend };
}

/** `BUILDKIT_SYNTAX` does as a build argument what `# syntax=` does in the file. @throws BuildFailure FRONTEND_REFUSED */
export function checkBuildArgs(buildArgs: Readonly<Record<string, string>>): void {
  const frontend = buildArgs['BUILDKIT_SYNTAX'];
  if (frontend !== undefined) throw refused(frontend);
}

function refuseOtherSpellings(lines: readonly string[]): void {
  const head = lines.find((line) => line.trim() !== '' && !line.startsWith('#'))?.trim() ?? '';
  const slashes = /^\/\/\s*syntax\s*=\s*(.+?)\s*$/i.exec(head);
  if (slashes) throw refused(slashes[1]!);
  if (head.startsWith('{')) throw refused('a JSON document');
}

function endOfDirectives(lines: readonly string[], first: number): number {
  const end = lines.findIndex((line, index) => index >= first && nameOf(line) === undefined);
  return end === -1 ? lines.length : end;
}

const nameOf = (line: string): string | undefined => DIRECTIVE.exec(line.trim())?.[1]?.toLowerCase();

const refused = (frontend: string): BuildFailure =>
  new BuildFailure(
    'FRONTEND_REFUSED',
    `The Dockerfile asks for the frontend ${JSON.stringify(frontend.slice(0, 200))}; only docker/dockerfile is allowed, and the built-in one is used for it.`,
  );
