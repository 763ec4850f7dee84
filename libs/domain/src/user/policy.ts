import type { Role, Scope } from '@slipway/contracts';

/** Who asks, and by which token. */
export interface Caller {
  /** Of the user, or of the robot. */
  readonly name: string;
  /** Of the system. False for a token without the scope `admin`, and for one that is bound to a namespace. */
  readonly isAdmin: boolean;
  /** In other namespaces than the own, by their names. */
  readonly roles: Readonly<Record<string, Role>>;
  /** Of the token; absent: `admin`. */
  readonly scope?: Scope;
  /** The token opens nothing outside of it. */
  readonly onlyNamespace?: string;
}

/** `undefined`: nobody said who they are. */
type Asker = Caller | undefined;

const ROLES: readonly Role[] = ['reader', 'builder', 'admin'];
const MOST: Readonly<Record<Scope, Role>> = { read: 'reader', build: 'builder', admin: 'admin' };

/** What the asker is in a namespace, as far as the token goes. `undefined`: the namespace is as if it were not there. */
export function roleIn(caller: Asker, namespace: string): Role | undefined {
  if (!caller || (caller.onlyNamespace ?? namespace) !== namespace) return undefined;
  const role = ownRole(caller, namespace);
  const most = MOST[caller.scope ?? 'admin'];
  return role === undefined || includes(most, role) ? role : most;
}

/** To change image repositories, their build configs, members, and what else belongs to the namespace. */
export const mayAdminister = (caller: Asker, namespace: string): boolean => isAtLeast(caller, namespace, 'admin');

/** To request builds, and to end them. */
export const mayBuild = (caller: Asker, namespace: string): boolean => isAtLeast(caller, namespace, 'builder');

/** To see what is private in the namespace: builds, logs, repositories. */
export const maySeeInside = (caller: Asker, namespace: string): boolean => isAtLeast(caller, namespace, 'reader');

/** What the caller may not see is to be answered as if it were not there. */
export const mayRead = (
  caller: Asker,
  { namespace, isPublic }: { readonly namespace: string; readonly isPublic: boolean },
): boolean => isPublic || maySeeInside(caller, namespace);

/** To give the own role up. */
export const mayLeave = (caller: Caller, namespace: string): boolean =>
  maySeeInside(caller, namespace) && (caller.scope ?? 'admin') === 'admin';

/** To do what is nobody's but the user's own: a token that is good for less, or elsewhere, does not. */
export const mayActForUser = ({ scope = 'admin', onlyNamespace }: Caller): boolean =>
  scope === 'admin' && onlyNamespace === undefined;

const includes = (role: Role, other: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(other);

function isAtLeast(caller: Asker, namespace: string, wanted: Role): boolean {
  const role = roleIn(caller, namespace);
  return role !== undefined && includes(role, wanted);
}

/** Without the limits of the token. A name of a namespace may be a word that every object answers to. */
function ownRole({ name, isAdmin, roles }: Caller, namespace: string): Role | undefined {
  if (isAdmin || name === namespace) return 'admin';
  return Object.hasOwn(roles, namespace) ? roles[namespace] : undefined;
}
