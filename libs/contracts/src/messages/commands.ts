import { z } from 'zod';
import { RequestBuildBody } from '../build/body.js';
import { Trigger } from '../build/spec.js';
import { BuildId, Namespace, RepoName } from '../names.js';
import { ChangeBuildConfigBody, CreateRepositoryBody, UpdateRepositoryBody } from '../repository/body.js';

/** On `cmd.repository.create`. Ids, keys and time are added by the service that decides. */
export const CreateRepositoryCommand = z.object({ namespace: Namespace, body: CreateRepositoryBody });
export type CreateRepositoryCommand = z.infer<typeof CreateRepositoryCommand>;

const named = { namespace: Namespace, repo_name: RepoName };

/** On `cmd.repository.update`. */
export const UpdateRepositoryCommand = z.object({ ...named, body: UpdateRepositoryBody });
export type UpdateRepositoryCommand = z.infer<typeof UpdateRepositoryCommand>;

/** On `cmd.repository.delete`. */
export const DeleteRepositoryCommand = z.object(named);
export type DeleteRepositoryCommand = z.infer<typeof DeleteRepositoryCommand>;

/** On `cmd.repository.rotate-key`. The service makes the new key. */
export const RotateDeployKeyCommand = z.object(named);
export type RotateDeployKeyCommand = z.infer<typeof RotateDeployKeyCommand>;

/** On `cmd.repository.configure`. */
export const ChangeBuildConfigCommand = z.object({
  ...named,
  body: ChangeBuildConfigBody,
  /** The revisions of the build config that the asker may have seen; null: any. */
  ifMatch: z.array(z.string()).nullable(),
});
export type ChangeBuildConfigCommand = z.infer<typeof ChangeBuildConfigCommand>;

/** On `cmd.build.request`. The asker chooses `buildId`, so that a repeated request is the same build. */
export const RequestBuildCommand = z.object({
  ...RequestBuildBody.shape,
  buildId: BuildId,
  /** Absent: somebody asks by the API. */
  trigger: Trigger.optional(),
});
export type RequestBuildCommand = z.infer<typeof RequestBuildCommand>;

/** On `cmd.build.rebuild`. `buildId`: of the new build, chosen by the asker; `originalId`: of the one to make again. */
export const RebuildCommand = z.object({ buildId: BuildId, originalId: BuildId });
export type RebuildCommand = z.infer<typeof RebuildCommand>;

/** On `cmd.build.end`. `wasOpen`: what the asker saw: an open build is cancelled, an ended one is removed from the lists. */
export const EndBuildCommand = z.object({ buildId: BuildId, wasOpen: z.boolean() });
export type EndBuildCommand = z.infer<typeof EndBuildCommand>;
