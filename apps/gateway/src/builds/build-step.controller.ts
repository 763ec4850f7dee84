import { Controller, Get } from '@nestjs/common';
import { BuildStepView, STEP_AT } from '@slipway/contracts';
import { z } from 'zod';
import { Describe } from '../api/describe.js';

const at = (name: string, step: number): BuildStepView => ({ name, from: step, to: step });

const STEPS: readonly BuildStepView[] = [
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
  @Describe({
    section: 'builds',
    summary: 'What the numbers in `step_at` mean',
    who: 'user',
    answers: { 200: z.array(BuildStepView) },
  })
  list(): readonly BuildStepView[] {
    return STEPS;
  }
}
