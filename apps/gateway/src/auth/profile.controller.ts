import { Controller, Get } from '@nestjs/common';
import type { ProfileView } from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import { CallerOf } from './token.guard.js';

@Controller('v1/auth')
export class ProfileController {
  @Get('profile')
  show(@CallerOf() caller: Caller): ProfileView {
    return { username: caller.name, is_admin: caller.isAdmin };
  }
}
