import type { FaultHouse } from './fault-house.js';

/** Whether a request for a build is told to come later. */
export async function asksInVain({ client }: FaultHouse, repository: string): Promise<boolean> {
  const [namespace, repo_name] = repository.split('/');
  const body = { namespace, repo_name, tag: 'latest' };
  return (await client.call('/v1/builds', { method: 'POST', body })).status === 503;
}
