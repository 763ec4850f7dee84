import { z } from 'zod';
import { Namespace, RobotLabel, UserName } from '../names.js';
import { CreateRobotBody } from '../robot/body.js';
import {
  ChangePasswordBody,
  CreateTokenBody,
  CreateUserBody,
  GenerateTokenBody,
  UpdateUserBody,
} from '../user/body.js';
import { TokenHash } from '../user/events.js';

/** On `cmd.user.create`. */
export const CreateUserCommand = CreateUserBody;
export type CreateUserCommand = z.infer<typeof CreateUserCommand>;

/** On `cmd.user.update`. */
export const UpdateUserCommand = z.object({ username: UserName, body: UpdateUserBody });
export type UpdateUserCommand = z.infer<typeof UpdateUserCommand>;

/** On `cmd.user.change-password`: of the asker. */
export const ChangePasswordCommand = ChangePasswordBody;
export type ChangePasswordCommand = z.infer<typeof ChangePasswordCommand>;

/** On `cmd.user.sign-in`. The asker makes the token, and shows it to nobody before the answer. */
export const SignInCommand = z.object({
  ...GenerateTokenBody.shape,
  tokenHash: TokenHash,
  correlationId: z.string().min(1).max(200),
});
export type SignInCommand = z.infer<typeof SignInCommand>;

/** `position`: the token is good once the view has passed it. */
export const SignInReply = z.object({ username: UserName, position: z.int().nonnegative() });
export type SignInReply = z.infer<typeof SignInReply>;

/** On `cmd.token.issue`: for the asker, who makes the token and says no more than its hash. The id is the command's. */
export const IssueTokenCommand = z.object({ body: CreateTokenBody, tokenHash: TokenHash });
export type IssueTokenCommand = z.infer<typeof IssueTokenCommand>;

/** On `cmd.token.revoke`: one of the asker's. */
export const RevokeTokenCommand = z.object({ tokenId: z.uuid() });
export type RevokeTokenCommand = z.infer<typeof RevokeTokenCommand>;

/** On `cmd.robot.create`. */
export const CreateRobotCommand = z.object({ namespace: Namespace, body: CreateRobotBody, tokenHash: TokenHash });
export type CreateRobotCommand = z.infer<typeof CreateRobotCommand>;

/** On `cmd.robot.remove`. */
export const RemoveRobotCommand = z.object({ namespace: Namespace, label: RobotLabel });
export type RemoveRobotCommand = z.infer<typeof RemoveRobotCommand>;
