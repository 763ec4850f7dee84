export { gitSource, type GitSourceOptions } from './git/git-source.js';
export { SourceFailure, type SourceFailureCode } from './source-failure.js';
export type { FetchedSource, Source, SourceContext, SourceRequest } from './source.js';
