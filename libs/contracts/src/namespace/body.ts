import { z } from 'zod';
import { Namespace } from '../names.js';
import { Role } from './role.js';

const Description = z.string().max(1_000);

/** Body of `POST /v1/namespaces`. */
export const CreateNamespaceBody = z.object({ name: Namespace, description: Description.default('') });
export type CreateNamespaceBody = z.infer<typeof CreateNamespaceBody>;

/** Body of `PUT /v1/namespaces/{namespace}`. */
export const UpdateNamespaceBody = z.object({ description: Description });
export type UpdateNamespaceBody = z.infer<typeof UpdateNamespaceBody>;

/** Body of `PUT /v1/namespaces/{namespace}/members/{username}`. */
export const MemberBody = z.object({ role: Role });
export type MemberBody = z.infer<typeof MemberBody>;
