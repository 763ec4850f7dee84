import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { AppError, type ErrorCode } from '@slipway/kernel';
import type { z } from 'zod';

export interface InvalidField {
  readonly source: string | null;
  readonly message: string;
}

/** FIELD_INVALID with everything that is wrong, not just the first of it. */
export class FieldsInvalid extends AppError {
  constructor(readonly fields: readonly InvalidField[]) {
    super('FIELD_INVALID', { fields });
  }
}

/** A pipe that says what it takes: the document of the API is made from the same schemas. */
export interface Parse<Schema extends z.ZodType = z.ZodType> extends PipeTransform<unknown, z.output<Schema>> {
  readonly schema: Schema;
  readonly otherwise: ErrorCode | undefined;
}

/**
 * A pipe for `@Body`, `@Query` and `@Param`: what the schema makes of the value.
 * @throws REQUEST_MALFORMED when there is no body; `otherwise`, or FIELD_INVALID naming every broken field
 */
export function parse<Schema extends z.ZodType>(schema: Schema, otherwise?: ErrorCode): Parse<Schema> {
  return {
    schema,
    otherwise,
    transform: (value, { type, data }) => {
      if (type === 'body' && value === undefined) throw new AppError('REQUEST_MALFORMED');
      const parsed = schema.safeParse(value);
      const problems = parsed.success ? unstorable(parsed.data) : parsed.error.issues;
      if (parsed.success && problems.length === 0) return parsed.data;
      if (otherwise !== undefined)
        throw new AppError(otherwise, data === undefined ? {} : { [data]: String(value).slice(0, 100) });
      throw new FieldsInvalid(fieldsOf(problems, data));
    },
  };
}

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Text that PostgreSQL or UTF-8 cannot hold; JSON can: `"\u0000"`, or half of a surrogate pair. */
function unstorable(value: unknown, path: readonly PropertyKey[] = []): readonly Problem[] {
  if (typeof value === 'string')
    return value.includes('\0') || !value.isWellFormed()
      ? [{ path, message: 'contains characters that are not text' }]
      : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => unstorable(part, [...path, key]));
}

/** One entry a field: the first thing that is wrong with it. */
function fieldsOf(problems: readonly Problem[], parameter: ArgumentMetadata['data']): readonly InvalidField[] {
  const fields = new Map<string | null, string>();
  for (const { path, message } of problems) {
    const source = sourceOf(path, parameter);
    if (!fields.has(source)) fields.set(source, message);
  }
  return [...fields].map(([source, message]) => ({ source, message }));
}

const sourceOf = (path: readonly PropertyKey[], parameter: ArgumentMetadata['data']): string | null =>
  [...(parameter === undefined ? [] : [parameter]), ...path].map(String).join('.') || null;
