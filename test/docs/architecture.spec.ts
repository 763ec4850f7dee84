import {
  BuildEvent,
  commandSubjects,
  HostKeyEvent,
  IdentityLinked,
  CodeHostTokenEvent,
  DeliveryEvent,
  HookEvent,
  RefsEvent,
  NamespaceEvent,
  NotificationEvent,
  PublicTagEvent,
  querySubjects,
  RepositoryEvent,
  RequestEvent,
  RobotEvent,
  SecretEvent,
  STEP_AT,
  UserEvent,
  WebhookReserved,
} from '@slipway/contracts';
import { STREAMS } from '@slipway/messaging';
import { VIEWS } from '@slipway/read-model';
import { IMPORT_TABLE } from '../../tools/lint/import-table.js';
import { codeWords, readDoc, tableUnder } from './markdown.js';

const page = readDoc('docs/ARCHITECTURE.md');
const words = (cell = ''): readonly string[] => (cell === 'nothing' ? [] : codeWords(cell));

/** Those without a schema of their own: a chunk is binary, the others are their service's alone. */
const OTHER_EVENTS = [
  'LogAppended',
  'LogFenced',
  'IdsReserved',
  'BuildsCounted',
  'NamespacesSettled',
  'NotifierAdvanced',
];

describe('docs/ARCHITECTURE.md', () => {
  it('opens with seven sentences', () => {
    const opening = page.slice(0, page.indexOf('\n## '));
    expect(opening.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ', '4. ', '5. ', '6. ', '7. ']);
  });

  it('prints the table that the linter enforces', () => {
    const printed = tableUnder(page, '## Who may import whom').map((row) => [
      row['project'],
      words(row['libs of Slipway']),
      words(row['packages']),
    ]);
    expect(printed).toEqual(
      Object.entries(IMPORT_TABLE).map(([project, { slipway, packages }]) => [project, [...slipway], [...packages]]),
    );
  });

  it('prints step_at as it is', () => {
    const printed = tableUnder(page, '## step_at').map(({ name, step_at }) => [name, Number(step_at)]);
    expect(printed).toEqual(Object.entries(STEP_AT));
  });

  it('names every event, and no other', () => {
    const options = [
      ...RepositoryEvent.options,
      ...UserEvent.options,
      ...CodeHostTokenEvent.options,
      ...HookEvent.options,
      ...DeliveryEvent.options,
      ...RefsEvent.options,
      WebhookReserved,
      ...RobotEvent.options,
      ...NamespaceEvent.options,
      ...SecretEvent.options,
      ...NotificationEvent.options,
      ...BuildEvent.options,
      ...RequestEvent.options,
      ...HostKeyEvent.options,
      PublicTagEvent,
      IdentityLinked,
    ];
    const types = options.map(({ shape }) => shape.type.value);
    const printed = tableUnder(page, '## Events').map(({ event = '' }) => event);
    expect([...printed].sort()).toEqual([...types, ...OTHER_EVENTS].sort());
  });

  it('names every JetStream stream, every command and every view', () => {
    expect(tableUnder(page, '## JetStream').map(({ stream }) => stream)).toEqual(Object.values(STREAMS));
    for (const subject of Object.values({ ...commandSubjects, ...querySubjects }))
      expect(page).toContain(`\`${subject}\``);
    expect(page).toContain(`The views are ${VIEWS.map(({ name }) => `\`${name}\``).join(', ')}.`);
  });
});
