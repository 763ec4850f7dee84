import { Controller, Get, Header, Inject } from '@nestjs/common';
import { z } from 'zod';
import { AllowAnonymous } from '../auth/token.guard.js';
import { API_DOCUMENT } from '../ports.js';
import { Describe } from './describe.js';
import type { ApiDocument } from './document.js';
import { PAGE_POLICY, pageOf } from './page/page.js';

@Controller()
@AllowAnonymous()
export class DocumentController {
  private page: string | undefined;

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

  @Get('docs')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', PAGE_POLICY)
  @Describe({
    section: 'service',
    summary: 'This document for people',
    who: 'anybody',
    answers: { 200: { 'text/html': z.string() } },
  })
  print(): string {
    return (this.page ??= pageOf(this.document()));
  }
}
