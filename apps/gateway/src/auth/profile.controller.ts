import { Controller, Get, Inject } from '@nestjs/common';
import { namespaceOfRobot, ProfileView } from '@slipway/contracts';
import { roleIn, type Caller } from '@slipway/domain';
import type { ReadModel } from '@slipway/read-model';
import { Describe } from '../api/describe.js';
import { READ_MODEL } from '../ports.js';
import { CallerOf } from './token.guard.js';

@Controller('v1/auth')
export class ProfileController {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  @Get('profile')
  @Describe({ section: 'account', summary: 'Tell who calls', who: 'user', answers: { 200: ProfileView } })
  async show(@CallerOf() caller: Caller): Promise<ProfileView> {
    const isRobot = namespaceOfRobot(caller.name) !== undefined;
    const user = isRobot ? undefined : await this.readModel.users.get(caller.name);
    return profileOf(caller, user?.email ?? null);
  }
}

const profileOf = (caller: Caller, email: string | null): ProfileView => ({
  username: caller.name,
  email,
  is_admin: caller.isAdmin,
  namespaces: [...new Set([caller.name, ...Object.keys(caller.roles)])].sort().flatMap((name) => {
    const role = roleIn(caller, name);
    return role === undefined ? [] : [{ name, role }];
  }),
});
