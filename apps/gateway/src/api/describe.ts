import { SetMetadata } from '@nestjs/common';
import type { ErrorCode } from '@slipway/kernel';
import type { z } from 'zod';

/** Chapters of the document, in its order. */
export const SECTIONS = {
  repositories: 'Image repositories: which branch or tag of which code makes which image tag.',
  builds: 'One build is one request to make an image. What is asked for is fixed when it is asked for.',
  logs: 'What a build printed: all of it, or as it comes.',
  namespaces: 'A namespace belongs to a user, or to an organisation, and has members.',
  'code hosts': 'Where code lies, and which keys its ssh servers may show.',
  secrets: 'What builds may use and nobody may read: build secrets, and credentials for base images.',
  hooks: 'Outgoing webhooks: who is told what became of builds.',
  webhooks: 'Incoming: what code hosts tell of pushes, and which builds came of it.',
  agents: 'Who runs builds.',
  'dead letters': 'Messages between services that nobody could take in, set aside for operators.',
  account: 'Who calls: profile, password and tokens.',
  users: 'Who may call at all: users, for administrators of the system.',
  service: 'The service itself.',
} as const satisfies Record<string, string>;
export type Section = keyof typeof SECTIONS;

/** Who may call. What the caller may not see is answered as if it were not there. */
export const CALLERS = {
  anybody: 'Anybody, without a token.',
  user: 'Every user.',
  reader: 'Readers of the namespace; anybody where the repository is public.',
  member: 'Readers of the namespace.',
  builder: 'Builders of the namespace.',
  admin: 'Administrators of the namespace.',
  operator: 'Administrators of the system.',
} as const satisfies Record<string, string>;
export type CallerKind = keyof typeof CALLERS;

/** A body: one schema means JSON, several are told apart by `Accept`, null is no body. */
export type AnswerBody = z.ZodType | Readonly<Record<string, z.ZodType>> | null;

/**
 * What a route says of itself. Path, query, body and the errors that follow from them are not repeated here: they are
 * read from the handler's own pipes.
 */
export interface Description {
  readonly section: Section;
  /** One line, imperative. */
  readonly summary: string;
  /** More, in Markdown. */
  readonly details?: string;
  readonly who: CallerKind;
  /** Good answers by their status. */
  readonly answers: Readonly<Record<number, AnswerBody>>;
  /** What else it refuses; those of every route of its kind are known: see `errors.ts`. */
  readonly errors?: readonly ErrorCode[];
  /** Of the request, by their names in lower case. */
  readonly headers?: z.ZodObject;
  /** Of good answers: name and meaning. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** Only where no pipe reads it: a body that is needed byte by byte. */
  readonly body?: z.ZodType;
  /** False: a POST that takes no `Idempotency-Key`. */
  readonly idempotent?: boolean;
}

export const DESCRIPTION = 'description';

/** Every handler has one: a test compares the routes that are served with those that are described. */
export const Describe = (description: Description): MethodDecorator => SetMetadata(DESCRIPTION, description);
