import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { AllowAnonymous } from '../auth/token.guard.js';
import { API_DOCUMENT } from '../ports.js';
import { Describe } from './describe.js';
import type { ApiDocument } from './document.js';

@Controller()
@AllowAnonymous()
export class DocumentController {
  constructor(@Inject(API_DOCUMENT) private readonly document: () => ApiDocument) {}

  @Get('v1/openapi.json')
  @Describe({
    section: 'service',
    summary: 'This document',
    details: 'OpenAPI 3.1. `/docs` prints it for people.',
    who: 'anybody',
    answers: { 200: z.looseObject({ openapi: z.string() }) },
  })
  show(): ApiDocument {
    return this.document();
  }
}
