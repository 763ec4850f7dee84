/** Who asks. */
export interface Caller {
  readonly name: string;
  readonly isAdmin: boolean;
}

/** Administrators may everything, other users what lies in their own namespace. `undefined`: nobody said who they are. */
export const mayWrite = (caller: Caller | undefined, namespace: string): boolean =>
  caller !== undefined && (caller.isAdmin || caller.name === namespace);

/** What the caller may not see is to be answered as if it were not there. */
export const mayRead = (
  caller: Caller | undefined,
  { namespace, isPublic }: { readonly namespace: string; readonly isPublic: boolean },
): boolean => isPublic || mayWrite(caller, namespace);
