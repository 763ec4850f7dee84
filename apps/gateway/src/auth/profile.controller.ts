import { Controller, Get } from '@nestjs/common';
import { ProfileView } from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import { Describe } from '../api/describe.js';
import { CallerOf } from './token.guard.js';

@Controller('v1/auth')
export class ProfileController {
  @Get('profile')
  @Describe({ section: 'account', summary: 'Tell who calls', who: 'user', answers: { 200: ProfileView } })
  show(@CallerOf() caller: Caller): ProfileView {
    return { username: caller.name, is_admin: caller.isAdmin };
  }
}
