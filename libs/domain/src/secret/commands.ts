import type { SealedKey } from '@slipway/contracts';

interface Said {
  readonly namespace: string;
  readonly at: string;
}
interface Named extends Said {
  readonly configId: number | null;
  readonly name: string;
}
interface ByUser {
  readonly repoName: string | null;
  readonly by: string;
}
/** `formerTag`: of what was opened; when it has been set anew since, nothing is to be done. */
interface Resealing {
  readonly formerTag: string;
}

export type SecretCommand =
  | { readonly type: 'SetSecret'; readonly data: Named & ByUser & { readonly value: SealedKey } }
  | { readonly type: 'RemoveSecret'; readonly data: Named & ByUser }
  | { readonly type: 'ResealSecret'; readonly data: Named & Resealing & { readonly value: SealedKey } }
  | { readonly type: 'SetRegistryCredential'; readonly data: SetRegistryCredential }
  | {
      readonly type: 'RemoveRegistryCredential';
      readonly data: Said & { readonly host: string; readonly by: string };
    }
  | {
      readonly type: 'ResealRegistryCredential';
      readonly data: Said & Resealing & { readonly host: string; readonly password: SealedKey };
    };

interface SetRegistryCredential extends Said {
  readonly host: string;
  readonly username: string;
  readonly password: SealedKey;
  readonly by: string;
}
