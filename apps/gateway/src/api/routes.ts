import { RequestMethod, type Type } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { Reflector } from '@nestjs/core';
import { z } from 'zod';
import { ANONYMOUS } from '../auth/token.guard.js';
import type { Parse } from '../http/parse.js';
import { DESCRIPTION, type Description } from './describe.js';

/** A handler as its decorators tell. */
export interface Route {
  /** `GET`. */
  readonly method: string;
  /** `/v1/builds/{build_id}`. */
  readonly path: string;
  /** Unique: `showBuild`. */
  readonly name: string;
  readonly isAnonymous: boolean;
  /** What Nest answers with when the handler says nothing else. */
  readonly status: number;
  /** One pipe for all parameters of the path, or one for each. */
  readonly params: Readonly<Record<string, z.ZodType>>;
  readonly query: Readonly<Record<string, z.ZodType>>;
  readonly body: z.ZodType | undefined;
  readonly pipes: readonly Parse[];
  /** Undefined: nobody described it yet. */
  readonly description: Description | undefined;
}

const reflector = new Reflector();

export const routesOf = (controllers: readonly Type[]): readonly Route[] =>
  controllers.flatMap((controller) =>
    handlersOf(controller).map(([name, handler]) => routeOf(controller, name, handler)),
  );

type Handler = (...parameters: never[]) => unknown;

function handlersOf(controller: Type): readonly (readonly [string, Handler])[] {
  return Object.entries(Object.getOwnPropertyDescriptors(controller.prototype as object)).flatMap(([name, { value }]) =>
    typeof value === 'function' && Reflect.hasMetadata(METHOD_METADATA, value) ? [[name, value as Handler]] : [],
  );
}

function routeOf(controller: Type, name: string, handler: Handler): Route {
  const inputs = inputsOf(controller, name);
  const method = RequestMethod[reflector.get<RequestMethod>(METHOD_METADATA, handler)];
  return {
    method,
    path: pathOf(reflector.get<string>(PATH_METADATA, controller), reflector.get<string>(PATH_METADATA, handler)),
    name: `${name}${controller.name.replace(/Controller$/, '')}`,
    isAnonymous: reflector.getAllAndOverride<boolean | undefined>(ANONYMOUS, [handler, controller]) ?? false,
    status: reflector.get<number | undefined>(HTTP_CODE_METADATA, handler) ?? (method === 'POST' ? 201 : 200),
    params: fieldsOf(inputs, RouteParamtypes.PARAM),
    query: fieldsOf(inputs, RouteParamtypes.QUERY),
    body: inputs.find(({ type }) => type === RouteParamtypes.BODY)?.pipe.schema,
    pipes: inputs.map(({ pipe }) => pipe),
    description: reflector.get<Description | undefined>(DESCRIPTION, handler),
  };
}

const pathOf = (...parts: readonly string[]): string =>
  `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`.replaceAll(/:(\w+)/g, '{$1}');

/** A parameter of a handler that a pipe of `parse` reads. */
interface Input {
  readonly type: RouteParamtypes;
  /** Name of the one parameter; undefined: all of them. */
  readonly name: string | undefined;
  readonly pipe: Parse;
}

/** Nest keeps them under `<type>:<index>`. */
function inputsOf(controller: Type, name: string): readonly Input[] {
  const kept: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {};
  return Object.entries(kept as Record<string, { data?: string; pipes?: readonly unknown[] }>).flatMap(
    ([key, { data, pipes = [] }]) =>
      pipes.filter(isParse).map((pipe) => ({ type: Number(key.split(':')[0]), name: data, pipe })),
  );
}

const isParse = (pipe: unknown): pipe is Parse => typeof pipe === 'object' && pipe !== null && 'schema' in pipe;

/** Those of an object one by one. */
function fieldsOf(inputs: readonly Input[], wanted: RouteParamtypes): Readonly<Record<string, z.ZodType>> {
  return Object.assign(
    {},
    ...inputs
      .filter(({ type }) => type === wanted)
      .map(({ name, pipe: { schema } }) => {
        if (name !== undefined) return { [name]: schema };
        return schema instanceof z.ZodObject ? schema.shape : {};
      }),
  ) as Record<string, z.ZodType>;
}
