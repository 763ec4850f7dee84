import type { PublicTagView } from '@slipway/contracts';
import type { PageLink } from '../build/queries.js';
import { shortImageId } from '../build/view.js';
import type { Database } from '../database/open-database.js';
import { available } from '../database/unavailable.js';
import type { RepositoryRow } from '../repository/table.js';

const TAGS_A_PAGE = 20;

export interface PublicTagPage {
  readonly count: number;
  /** The one that moved last comes first. */
  readonly tags: readonly PublicTagView[];
  readonly next: PageLink | null;
  readonly previous: PageLink | null;
}

export interface PublicTagQueries {
  /** Of this repository, not of an earlier one of the same name. `page` counts from 1. */
  readonly list: (
    repository: Pick<RepositoryRow, 'namespace' | 'repo_name' | 'position'>,
    link: { readonly page: number },
  ) => Promise<PublicTagPage>;
}

/** @throws READ_MODEL_UNAVAILABLE from every query */
export const publicTagQueries = (database: Database): PublicTagQueries => ({
  list: (repository, link) => available(() => listTags(database, repository, link)),
});

async function listTags(
  { db }: Database,
  { namespace, repo_name, position }: Pick<RepositoryRow, 'namespace' | 'repo_name' | 'position'>,
  { page }: { readonly page: number },
): Promise<PublicTagPage> {
  const published = db
    .selectFrom('public_tag')
    .where('public_tag.namespace', '=', namespace)
    .where('public_tag.repo_name', '=', repo_name)
    .where('public_tag.position', '>', position);
  const counted = await published.select(({ fn }) => fn.countAll().as('count')).executeTakeFirst();
  const count = Number(counted?.count ?? 0);
  const rows = await published
    .leftJoin('build', 'build.build_id', 'public_tag.build_id')
    .select(['public_tag.tag', 'public_tag.digest', 'public_tag.build_id', 'public_tag.pushed_at'])
    .select(['build.image_id', 'build.size'])
    .orderBy('public_tag.position', 'desc')
    .offset((page - 1) * TAGS_A_PAGE)
    .limit(TAGS_A_PAGE)
    .execute();
  const last = Math.max(1, Math.ceil(count / TAGS_A_PAGE));
  return {
    count,
    tags: rows.map((row) => ({
      tag: row.tag as string,
      digest: row.digest as string,
      image_id: shortImageId((row.image_id ?? null) as string | null),
      size: (row.size ?? null) as number | null,
      build_id: row.build_id as string,
      pushed_at: row.pushed_at as string,
    })),
    next: page < last ? { page: page + 1 } : null,
    previous: page > 1 ? { page: Math.min(page - 1, last) } : null,
  };
}
