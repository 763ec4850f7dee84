/**
 * What an error means for whoever is waiting. Each edge maps kinds, never codes: the gateway to a status, a consumer
 * to term, nak or silence.
 * `superseded`: someone newer has taken over; `unavailable`: the same request may work later.
 */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'superseded'
  | 'precondition'
  | 'too-large'
  | 'unsupported'
  | 'unprocessable'
  | 'limited'
  | 'unavailable';

/** Every known failure. docs/ERRORS.md lists the same codes; a test compares both ways. */
export const ERRORS = {
  REQUEST_MALFORMED: { kind: 'invalid', text: 'The request cannot be read.' },
  FIELD_INVALID: { kind: 'unprocessable', text: 'A field has an invalid value.' },
  BODY_TOO_LARGE: { kind: 'too-large', text: 'The request body is too large.' },
  CONTENT_TYPE_UNSUPPORTED: { kind: 'unsupported', text: 'The request body must be application/json.' },
  ROUTE_NOT_FOUND: { kind: 'not-found', text: 'There is nothing at this path.' },
  TOKEN_REQUIRED: { kind: 'unauthenticated', text: 'A token is required: `Authorization: Token <token>`.' },
  TOKEN_INVALID: { kind: 'unauthenticated', text: 'The token is not valid.' },
  IDENTITY_REFUSED: { kind: 'forbidden', text: 'The user name in the token is taken by somebody else, or is none.' },
  RATE_LIMITED: { kind: 'limited', text: 'Too many requests; try again after `Retry-After` seconds.' },
  ACCESS_DENIED: { kind: 'forbidden', text: 'The caller may not do this.' },
  IDEMPOTENCY_KEY_REUSED: { kind: 'conflict', text: 'Something else was asked under this idempotency key.' },
  USER_NOT_FOUND: { kind: 'not-found', text: 'No user has this name.' },
  USER_EXISTS: { kind: 'conflict', text: 'Another user has this name.' },
  LAST_ADMINISTRATOR: { kind: 'conflict', text: 'The system needs this administrator: the last active one.' },
  CREDENTIALS_INVALID: { kind: 'unauthenticated', text: 'User name or password is not right.' },
  PASSWORD_WRONG: { kind: 'unprocessable', text: 'The old password is not right.' },
  PASSWORD_REFUSED: { kind: 'conflict', text: 'The user logs in at an issuer, and has no password here.' },
  TOKEN_LIMIT_REACHED: { kind: 'conflict', text: 'The user has as many tokens as they may.' },
  TOKEN_NOT_FOUND: { kind: 'not-found', text: 'The user has no token of this id.' },
  REPOSITORY_NOT_FOUND: { kind: 'not-found', text: 'No repository has this name.' },
  REPOSITORY_EXISTS: { kind: 'conflict', text: 'A repository with this name already exists.' },
  REPOSITORY_BUSY: { kind: 'conflict', text: 'A build of this repository runs or waits.' },
  REPOSITORY_CLOSING: { kind: 'conflict', text: 'The repository is being deleted.' },
  BUILD_CONFIG_CHANGED: { kind: 'precondition', text: 'Somebody changed the build config in between.' },
  DEPLOY_KEY_UNREADABLE: { kind: 'conflict', text: 'The stored deploy key cannot be opened; issue a new one.' },
  HOST_KEYS_NOT_FOUND: { kind: 'not-found', text: 'No keys are pinned for this host.' },
  CODE_HOST_CLOSED: { kind: 'unprocessable', text: 'This code host has closed; configure the base URL of a mirror.' },
  ADDRESS_REFUSED: { kind: 'unprocessable', text: 'The host has a private address, which is not spoken to.' },
  TAG_CONFIG_NOT_FOUND: { kind: 'unprocessable', text: 'The repository has no tag config for this tag.' },
  REF_PATTERN_INVALID: {
    kind: 'unprocessable',
    text: 'Neither a name, nor a glob (`release/*`), nor a `/regular expression/` whose end can be promised.',
  },
  TAG_TEMPLATE_INVALID: {
    kind: 'unprocessable',
    text: 'The image tag uses a part of the ref that the pattern does not catch.',
  },
  REF_REQUIRED: { kind: 'unprocessable', text: 'The tag config has a pattern: name the branch or tag to build.' },
  REF_NOT_MATCHED: { kind: 'unprocessable', text: 'The tag config is not for this branch or tag.' },
  IMAGE_TAG_INVALID: { kind: 'unprocessable', text: 'What the tag config makes of this ref is no valid image tag.' },
  TAG_CONFIG_UNKNOWN: { kind: 'unprocessable', text: 'The build config has no tag config of this id.' },
  CODE_HOST_TOKEN_NOT_FOUND: { kind: 'not-found', text: 'The namespace has no token for this code host.' },
  WEBHOOK_NOT_FOUND: { kind: 'not-found', text: 'There is no webhook here.' },
  WEBHOOK_PROOF_INVALID: { kind: 'forbidden', text: 'Signature or password of the delivery is missing, wrong or old.' },
  WEBHOOK_SECRET_MISSING: { kind: 'forbidden', text: 'The webhook has no secret yet, so no delivery can be proven.' },
  DELIVERY_NOT_FOUND: { kind: 'not-found', text: 'The repository has no delivery of this id.' },
  DELIVERY_CONFLICT: { kind: 'conflict', text: 'Another delivery had this id.' },
  DELIVERY_UNFINISHED: { kind: 'conflict', text: 'The delivery is still being worked on.' },
  DELIVERY_INVALID: { kind: 'unprocessable', text: 'The payload is not what this code host sends of a push.' },
  REFS_NOT_COMPARED: {
    kind: 'conflict',
    text: 'Refs are compared only for active tag configs, and not for too many refs.',
  },
  CODE_HOST_REFUSED: { kind: 'unprocessable', text: 'The code host does not show the branches and tags of the code.' },
  HOOK_NOT_FOUND: { kind: 'not-found', text: 'The namespace has no hook of this id.' },
  HOOK_LIMIT_REACHED: { kind: 'conflict', text: 'The namespace has as many hooks as it may.' },
  HOOK_DELIVERY_NOT_FOUND: { kind: 'not-found', text: 'The hook has no delivery of this id.' },
  HOOK_DELIVERY_PENDING: { kind: 'conflict', text: 'The delivery is still being tried.' },
  SECRET_NOT_FOUND: { kind: 'not-found', text: 'There is no secret of this name.' },
  SECRET_LIMIT_REACHED: { kind: 'conflict', text: 'There are as many secrets as there may be, or they hold as much.' },
  SECRET_UNREADABLE: { kind: 'conflict', text: 'A stored secret cannot be opened; set it again.' },
  REGISTRY_CREDENTIAL_NOT_FOUND: { kind: 'not-found', text: 'The namespace has no credential for this registry.' },
  REGISTRY_CREDENTIAL_LIMIT_REACHED: {
    kind: 'conflict',
    text: 'The namespace has as many registry credentials as it may.',
  },
  NAMESPACE_NOT_FOUND: { kind: 'not-found', text: 'No namespace has this name.' },
  NAMESPACE_EXISTS: { kind: 'conflict', text: 'A user or an organisation has this name.' },
  MEMBER_NOT_FOUND: { kind: 'not-found', text: 'The namespace has no such member.' },
  NETWORK_POLICY_CLOSED: { kind: 'forbidden', text: 'The operator allows no policy that is so loose.' },
  LAST_ADMIN: { kind: 'conflict', text: 'The namespace needs this administrator: the last one, or its owner.' },
  ROBOT_NOT_FOUND: { kind: 'not-found', text: 'The namespace has no robot of this name.' },
  ROBOT_EXISTS: { kind: 'conflict', text: 'The namespace has a robot of this name.' },
  ROBOT_LIMIT_REACHED: { kind: 'conflict', text: 'The namespace has as many robots as it may.' },
  QUOTA_EXCEEDED: {
    kind: 'limited',
    text: 'The namespace has as many builds waiting, or has used as much this month, as it may.',
  },
  AGENT_NOT_FOUND: { kind: 'not-found', text: 'No agent of this id was heard lately.' },
  DEAD_LETTER_NOT_FOUND: { kind: 'not-found', text: 'No dead letter has this id: it was replayed, removed or old.' },
  DEAD_LETTER_CUT: { kind: 'conflict', text: 'Only a part of the message was kept, so it cannot be replayed.' },
  BUILD_NOT_FOUND: { kind: 'not-found', text: 'No build has this id.' },
  BUILD_CLOSED: { kind: 'conflict', text: 'The build has already ended.' },
  BUILD_CANCELLING: { kind: 'conflict', text: 'The build is being cancelled, so nothing of it is published.' },
  BUILD_PUBLISHING: {
    kind: 'conflict',
    text: 'The image is being published: too late to cancel the build.',
  },
  BUILD_COMMIT_UNKNOWN: { kind: 'conflict', text: 'The commit of the build is not known, so it cannot be made again.' },
  AGENT_UNSUITED: { kind: 'forbidden', text: 'The agent has not what the build asks of one.' },
  LEASE_STALE: { kind: 'superseded', text: 'A newer attempt holds the lease.' },
  LOG_GAP: { kind: 'unavailable', text: 'Earlier log lines of this attempt have not arrived yet.' },
  LOG_INCOMPLETE: { kind: 'unavailable', text: 'The log of this attempt has not been recorded in full yet.' },
  MESSAGE_INVALID: { kind: 'invalid', text: 'The message does not match its schema.' },
  STREAM_NOT_FOUND: { kind: 'not-found', text: 'The event stream does not exist.' },
  REVISION_CONFLICT: { kind: 'conflict', text: 'Somebody else appended to the event stream first.' },
  APPEND_TOO_LARGE: { kind: 'too-large', text: 'The events of one append are too large.' },
  STORE_UNAVAILABLE: { kind: 'unavailable', text: 'The event store did not answer.' },
  READ_MODEL_UNAVAILABLE: { kind: 'unavailable', text: 'The read model did not answer.' },
  ISSUER_UNAVAILABLE: { kind: 'unavailable', text: 'The issuer of tokens did not answer.' },
  SERVICE_UNAVAILABLE: { kind: 'unavailable', text: 'A service that decides this did not answer.' },
  REGISTRY_UNAVAILABLE: { kind: 'unavailable', text: 'The image registry did not answer.' },
} as const satisfies Record<string, { kind: ErrorKind; text: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** A known failure. Anything else that is thrown is a bug. Details are ids and sizes, never secrets. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly kind: ErrorKind;

  constructor(
    readonly code: ErrorCode,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(`${code}: ${ERRORS[code].text}`, options);
    this.kind = ERRORS[code].kind;
  }
}
