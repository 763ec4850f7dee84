import { z } from 'zod';
import { Namespace, UserName } from '../names.js';
import { Email } from './events.js';
import { Scope } from './scope.js';

const MIN_PASSWORD_CHARACTERS = 12;
const MAX_PASSWORD_BYTES = 256;

/** One that is to be set. */
export const NewPassword = z
  .string()
  .min(MIN_PASSWORD_CHARACTERS, `has less than ${MIN_PASSWORD_CHARACTERS} characters`)
  .refine(
    (password) => new TextEncoder().encode(password).length <= MAX_PASSWORD_BYTES,
    `has more than ${MAX_PASSWORD_BYTES} bytes`,
  )
  .meta({ examples: ['correct horse battery'] });
/** One that somebody says to have. Too long, it is nobody's, and not worth the work. */
const SaidPassword = z.string().max(MAX_PASSWORD_BYTES);

/** Body of `POST /v1/users`. */
export const CreateUserBody = z.object({
  username: UserName,
  email: Email.nullable().default(null),
  password: NewPassword.nullable().default(null).describe('Null: the user has tokens only.'),
  is_admin: z.boolean().default(false),
});
export type CreateUserBody = z.infer<typeof CreateUserBody>;

/** Body of `PUT /v1/users/{username}`. What is left out stays. */
export const UpdateUserBody = z.object({
  email: Email.nullable().optional(),
  password: NewPassword.optional(),
  is_admin: z.boolean().optional(),
  is_active: z.boolean().optional(),
});
export type UpdateUserBody = z.infer<typeof UpdateUserBody>;

/** Body of `PUT /v1/auth/profile`. */
export const UpdateProfileBody = z.object({ email: Email.nullable() });
export type UpdateProfileBody = z.infer<typeof UpdateProfileBody>;

/** Body of `PUT /v1/auth/password`. */
export const ChangePasswordBody = z.object({
  old_password: SaidPassword.nullable().default(null).describe('Null: there is none yet.'),
  new_password: NewPassword,
});
export type ChangePasswordBody = z.infer<typeof ChangePasswordBody>;

/** Body of `POST /v1/generate-api-token`. */
export const GenerateTokenBody = z.object({
  username: z
    .string()
    .max(255)
    .meta({ examples: ['alice'] }),
  password: SaidPassword,
});
export type GenerateTokenBody = z.infer<typeof GenerateTokenBody>;

/** What a token is called: one line of text. */
const TokenTitle = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]+$/u, 'contains control characters')
  .meta({ examples: ['laptop'] });

const TEN_YEARS_S = 10 * 366 * 24 * 60 * 60;
export const ExpiresIn = z
  .int()
  .min(1)
  .max(TEN_YEARS_S)
  .nullable()
  .default(null)
  .describe('Seconds from now. Null: it does not expire.');

/** Body of `POST /v1/tokens`. */
export const CreateTokenBody = z.object({
  name: TokenTitle,
  scope: Scope.describe('`read` sees, `build` also asks for builds and ends them, `admin` does all that the user may.'),
  expires_in: ExpiresIn,
  namespace: Namespace.nullable().default(null).describe('It opens nothing outside of it.'),
});
export type CreateTokenBody = z.infer<typeof CreateTokenBody>;
