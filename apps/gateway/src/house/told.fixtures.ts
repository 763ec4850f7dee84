import { randomUUID } from 'node:crypto';
import {
  encodeLogChunk,
  summarizeLogChunk,
  type BuildLogEvent,
  type BuildSpec,
  type LogLine,
} from '@slipway/contracts';
import { commandHandler, type DomainEvent, type EventCodec, type EventStore } from '@slipway/event-store';

export const at = '2015-09-02T08:17:42.581Z';
export const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

/** Events as a service that decides would append them. */
export async function append<Event extends DomainEvent>(
  store: EventStore,
  codec: EventCodec<Event>,
  stream: string,
  events: readonly Event[],
): Promise<void> {
  const commandId = randomUUID();
  const asTold = { initial: undefined, decide: () => events, evolve: () => undefined };
  await commandHandler(store, asTold, codec)(stream, undefined, {
    commandId,
    at: timeOf(events[0]),
    actor: 'test',
    correlationId: commandId,
  });
}

/** Services decide by one clock: an event says the same time as what is kept beside it. */
function timeOf(event: DomainEvent | undefined): string {
  const said = event?.data;
  return typeof said === 'object' && said !== null && 'at' in said ? String(said.at) : at;
}

/** Lines `first` to `last` of a build's log, `line <n>` each, as one chunk of attempt 1. */
export function logged(
  buildId: string,
  first: number,
  last: number,
  lineOf: (number: number) => Partial<LogLine> = () => ({}),
): BuildLogEvent {
  const lines = Array.from({ length: last - first + 1 }, (_, index): LogLine => {
    const number = first + index;
    return { time: 1_441_770_706_000 + number, level: 'INFO', message: `line ${number}`, ...lineOf(number) };
  });
  const chunk = encodeLogChunk(lines);
  return {
    type: 'LogAppended',
    data: { buildId, attempt: 1, firstLine: first, attemptLines: last, chunk, ...summarizeLogChunk(chunk) },
  };
}

/** As the original document prints them. */
export const printedSpec = (change: Partial<BuildSpec> = {}): BuildSpec => ({
  namespace: 'alauda',
  repoName: 'buildtes34t',
  configId: 3,
  tagConfigId: 4,
  client: 'Bitbucket',
  codePath: 'alauda/buildtest',
  cloneUrl: 'https://bitbucket.org/alauda/buildtest.git',
  urls: {
    page: 'https://bitbucket.org/alauda/buildtest',
    ref: 'https://bitbucket.org/alauda/buildtest/branch/master',
    commitPrefix: 'https://bitbucket.org/alauda/buildtest/commits/',
  },
  refType: 'branch',
  refName: 'master',
  commit: '552819d5c903472a36696e8ac620ac250e49829d',
  dockerRepoTag: 'latest',
  versionTagging: 1,
  buildContextPath: '/',
  dockerfileLocation: '/',
  cacheEnabled: true,
  buildNode: 'in',
  emailEnabled: false,
  requestedBy: 'alaudatest',
  trigger: { kind: 'api' },
  ...change,
});
