import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Report, type ReportOf } from '@slipway/contracts';

export type FinalReport = ReportOf<'ended'>;

/** Final reports on the agent's disk, from before they are sent until they are accepted: they survive the agent. */
export class FinalReports {
  constructor(private readonly directory: string) {}

  /** Durable when it resolves. */
  async keep(report: FinalReport): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const path = this.#pathOf(report.buildId);
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(report));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }

  /** Leaves what a later attempt of the same build has kept meanwhile. Safe to repeat. */
  async discard({ buildId, reportId }: FinalReport): Promise<void> {
    const kept = await readReport(this.#pathOf(buildId)).catch(() => undefined);
    if (kept?.reportId === reportId) await rm(this.#pathOf(buildId), { force: true });
  }

  /** How many are not accepted yet. */
  async count(): Promise<number> {
    return (await readdir(this.directory).catch(() => [])).filter((name) => name.endsWith('.json')).length;
  }

  /** What an earlier life of this agent could not deliver. */
  async kept(): Promise<readonly FinalReport[]> {
    const names = await readdir(this.directory).catch(() => []);
    const reports = await Promise.all(
      names.filter((name) => name.endsWith('.json')).map((name) => readReport(join(this.directory, name))),
    );
    return reports.filter((report) => report.type === 'ended');
  }

  #pathOf(buildId: string): string {
    return join(this.directory, `${buildId}.json`);
  }
}

const readReport = async (path: string): Promise<Report> => Report.parse(JSON.parse(await readFile(path, 'utf8')));
