import type { Identity, PasswordHash, Scope } from '@slipway/contracts';

interface Said {
  readonly name: string;
  readonly at: string;
}
interface SaidBy extends Said {
  readonly by: string;
}

export interface IssueToken extends Said {
  /** The same id again is the same token. */
  readonly tokenId: string;
  readonly tokenHash: string;
  readonly title?: string;
  /** Absent: `admin`. */
  readonly scope?: Scope;
  readonly namespace?: string;
  /** Absent: never. */
  readonly expiresAt?: string;
  /** For a password that was right. */
  readonly isLogin?: boolean;
  /** The hash that it was right for: it may have been changed since. */
  readonly forPassword?: string;
}

export type UserCommand =
  /** Of the administrator that the environment names; says nothing when there is one. */
  | { readonly type: 'RegisterUser'; readonly data: Said & { readonly isAdmin: boolean } }
  | {
      readonly type: 'CreateUser';
      readonly data: SaidBy & {
        readonly isAdmin: boolean;
        readonly email: string | null;
        readonly password: PasswordHash | null;
      };
    }
  | { readonly type: 'LogIn'; readonly data: Said & { readonly identity: Identity } }
  | { readonly type: 'ChangeEmail'; readonly data: SaidBy & { readonly email: string | null } }
  /** `former`: the hash that the asker proved to know the password of; null: there was none; absent: whatever it was. */
  | {
      readonly type: 'SetPassword';
      readonly data: SaidBy & { readonly password: PasswordHash; readonly former?: string | null };
    }
  | { readonly type: 'IssueToken'; readonly data: IssueToken }
  | { readonly type: 'RevokeToken'; readonly data: Said & { readonly tokenId: string } }
  /** All of them. */
  | { readonly type: 'RevokeTokens'; readonly data: Said };
