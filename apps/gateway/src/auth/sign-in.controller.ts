import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { GeneratedTokenView, GenerateTokenBody } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { makeToken, tokenHashOf } from '@slipway/platform';
import type { FastifyRequest } from 'fastify';
import { Describe } from '../api/describe.js';
import { parse } from '../http/parse.js';
import { LIMITS, SIGN_IN, type Limits, type SignIn } from '../ports.js';
import { AllowAnonymous } from './token.guard.js';

@Controller('v1/generate-api-token')
export class SignInController {
  constructor(
    @Inject(SIGN_IN) private readonly signIn: SignIn,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  /** Not repeatable under a key: a digest of the password would have to be kept. @throws CREDENTIALS_INVALID, RATE_LIMITED */
  @Post()
  @HttpCode(200)
  @AllowAnonymous()
  @Describe({
    section: 'account',
    summary: 'Get a token for a password',
    details:
      'It is good for all that the user may, until the password is changed. A user has twenty of them: one more revokes the oldest.',
    who: 'anybody',
    answers: { 200: GeneratedTokenView },
    errors: ['CREDENTIALS_INVALID'],
    idempotent: false,
  })
  async generate(
    @Body(parse(GenerateTokenBody)) body: GenerateTokenBody,
    @Req() request: FastifyRequest,
  ): Promise<GeneratedTokenView> {
    this.limits.login(body.username);
    const token = makeToken('user');
    const command = { ...body, tokenHash: tokenHashOf(token), correlationId: request.id };
    const { username } = await this.signIn(command).catch((error: unknown) => {
      const isWrong = error instanceof AppError && error.code === 'CREDENTIALS_INVALID';
      if (isWrong && request.headers.authorization !== undefined) this.limits.failure(request); // else it is counted anyway
      throw error;
    });
    return { username, token };
  }
}
