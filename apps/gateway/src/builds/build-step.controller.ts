import { Controller, Get } from '@nestjs/common';
import { STEP_AT } from '@slipway/contracts';

/** What stands between two values of `step_at`, both included. */
interface StepRange {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const at = (name: string, step: number): StepRange => ({ name, from: step, to: step });

const STEPS: readonly StepRange[] = [
  at('queued', STEP_AT.queued),
  at('leased', STEP_AT.leased),
  at('cloning', STEP_AT.cloning),
  at('cloned', STEP_AT.cloned),
  { name: 'building', from: STEP_AT.buildingFrom, to: STEP_AT.buildingTo },
  { name: 'pushing', from: STEP_AT.pushingFrom, to: STEP_AT.pushingTo },
  at('done', STEP_AT.done),
];

/** What the numbers in `step_at` mean. */
@Controller('v1/build-steps')
export class BuildStepController {
  @Get()
  list(): readonly StepRange[] {
    return STEPS;
  }
}
