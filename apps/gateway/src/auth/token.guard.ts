import { createParamDecorator, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Caller } from '@slipway/domain';
import { AppError } from '@slipway/kernel';
import type { FastifyRequest } from 'fastify';
import type { Limits } from '../limits/limits.js';
import type { Logins } from './oidc/logins.js';
import type { Roles } from './roles.js';
import type { Tokens } from './tokens.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard; absent where nobody has to say who they are, and nobody did. */
    caller?: Caller;
  }
}

export const ANONYMOUS = 'anonymous';
/** Whoever does not say who they are is served too; a token that is given must still be good. */
export const AllowAnonymous = (): MethodDecorator & ClassDecorator => SetMetadata(ANONYMOUS, true);

/** The caller, `undefined` only behind `@AllowAnonymous()`. */
export const CallerOf = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().caller,
);

/** The caller of a request that only gets here with a token. @throws TOKEN_REQUIRED */
export function callerIn({ caller }: FastifyRequest): Caller {
  if (!caller) throw new AppError('TOKEN_REQUIRED');
  return caller;
}

export interface GuardParts {
  /** `Authorization: Token`: ours. */
  readonly tokens: Tokens;
  /** `Authorization: Bearer`: of the issuer. */
  readonly logins: Logins;
  readonly roles: Roles;
  readonly limits: Limits;
}

/**
 * Finds out who calls. What they may do is asked where it is done.
 * @throws TOKEN_REQUIRED, TOKEN_INVALID, IDENTITY_REFUSED, ISSUER_UNAVAILABLE, RATE_LIMITED
 */
export function tokenGuard({ tokens, logins, roles, limits }: GuardParts): CanActivate {
  const reflector = new Reflector();
  return {
    canActivate: async (context) => {
      const request = context.switchToHttp().getRequest<FastifyRequest>();
      const isOptional = reflector.getAllAndOverride<boolean | undefined>(ANONYMOUS, [
        context.getHandler(),
        context.getClass(),
      ]);
      const { authorization } = request.headers;
      if (authorization === undefined) {
        if (isOptional) return true;
        throw new AppError('TOKEN_REQUIRED');
      }
      try {
        const { scheme, token } = credentialsIn(authorization);
        const caller = await (scheme === 'token' ? tokens.callerOf(token) : logins.callerOf(token, request.id));
        request.caller = { ...caller, roles: { ...(await roles.of(caller.name)), ...caller.roles } };
      } catch (error) {
        if (error instanceof AppError && error.kind === 'unauthenticated') limits.failure(request);
        throw error;
      }
      limits.caller(request, request.caller);
      return true;
    },
  };
}

/** `Token <token>`, `Bearer <JWT>`; schemes know no case. Source: RFC 9110, section 11.1 */
function credentialsIn(authorization: string): { readonly scheme: string; readonly token: string } {
  const [, scheme, token] = /^(token|bearer) +(\S+)$/i.exec(authorization) ?? [];
  if (scheme === undefined || token === undefined) throw new AppError('TOKEN_INVALID');
  return { scheme: scheme.toLowerCase(), token };
}
