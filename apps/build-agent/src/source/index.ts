export { gitSource, type GitSourceOptions } from './git/git-source.js';
export type { FetchedSource, Source, SourceContext, SourceRequest } from './source.js';
