/** Who asks. */
export interface Caller {
  readonly name: string;
  readonly isAdmin: boolean;
}

/** `undefined`: nobody said who they are. */
type Asker = Caller | undefined;

/** Administrators may everything, other users what lies in their own namespace. */
const isMaster = (caller: Asker, namespace: string): boolean =>
  caller !== undefined && (caller.isAdmin || caller.name === namespace);

/** To change image repositories, their build configs and what else belongs to the namespace. */
export const mayAdminister = (caller: Asker, namespace: string): boolean => isMaster(caller, namespace);

/** To request builds, and to end them. */
export const mayBuild = (caller: Asker, namespace: string): boolean => isMaster(caller, namespace);

/** To see what is private in the namespace: builds, logs, repositories. */
export const maySeeInside = (caller: Asker, namespace: string): boolean => isMaster(caller, namespace);

/** What the caller may not see is to be answered as if it were not there. */
export const mayRead = (
  caller: Asker,
  { namespace, isPublic }: { readonly namespace: string; readonly isPublic: boolean },
): boolean => isPublic || maySeeInside(caller, namespace);
