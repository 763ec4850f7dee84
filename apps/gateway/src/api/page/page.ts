import { createHash } from 'node:crypto';
import type { AnswerDocument, ApiDocument, Operation } from '../document.js';
import { curlOf } from './example.js';
import { parameterTable, schemaFields, typeOf } from './fields.js';
import { Html, html, inlineMarkdown, markdown } from './html.js';
import { STYLE } from './style.js';

/** Nothing is loaded from anywhere and no script runs; the one style sheet is known by its hash. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Not laid out like other HTML: its text is what the hash is of. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The document for people: one page of HTML, without scripts. */
export function pageOf(document: ApiDocument): string {
  const { info, tags, components } = document;
  const entries = entriesOf(document);
  const sections = tags.map(({ name, description }) => ({
    name,
    description,
    entries: entries.filter(({ operation }) => operation.tags.includes(name)),
  }));
  const schemas = Object.keys(components.schemas);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} API</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <a class="skip" href="#main">Skip the contents</a>
        <header>
          <h1>${info.title} API</h1>
        </header>
        <div class="layout">
          ${contents(sections)}
          <main id="main">
            <p>
              Version ${info.version}. The same for programs: <a href="v1/openapi.json">OpenAPI 3.1</a>. In the
              examples, <code>$SLIPWAY</code> is where this page comes from, and <code>$TOKEN</code> is yours.
            </p>
            ${markdown(info.description)} ${sections.map((section) => chapter(document, section))}
            <h2 id="errors">Errors</h2>
            ${errorTable(document)}
            <h2 id="schemas">Schemas</h2>
            ${schemas.map((name) => component(document, name))}
          </main>
        </div>
      </body>
    </html> `.text;
}

const entriesOf = ({ paths }: ApiDocument): readonly Entry[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
  );

interface Section {
  readonly name: string;
  readonly description: string;
  readonly entries: readonly Entry[];
}

const contents = (sections: readonly Section[]): Html =>
  html`<nav aria-label="Contents">
    ${sections.map(
      ({ name, entries }) =>
        html`<h2>${name}</h2>
          <ul>
            ${entries.map(({ operation }) => html`<li><a href="#${operation.operationId}">${inlineMarkdown(operation.summary)}</a></li>`)}
          </ul>`,
    )}
    <ul>
      <li><a href="#errors">Errors</a></li>
      <li><a href="#schemas">Schemas</a></li>
    </ul>
  </nav>`;

const chapter = (document: ApiDocument, { name, description, entries }: Section): Html =>
  html`<section aria-labelledby="${sectionId(name)}">
    <h2 id="${sectionId(name)}">${name}</h2>
    ${markdown(description)} ${entries.map((entry) => article(document, entry))}
  </section>`;

/** An id is one word. */
const sectionId = (name: string): string => `section-${name.replaceAll(' ', '-')}`;

function article(document: ApiDocument, entry: Entry): Html {
  const { method, path, operation } = entry;
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const body = requestBody?.content['application/json']?.schema;
  const those = (where: string) => parameters.filter((parameter) => parameter.in === where);
  return html`<article id="${operationId}" aria-labelledby="title-${operationId}">
    <h3 id="title-${operationId}">${inlineMarkdown(summary)}</h3>
    <p class="route"><span class="method ${method}">${method.toUpperCase()}</span>${path}</p>
    ${markdown(description)} ${parameterTable('Path', those('path'))} ${parameterTable('Query', those('query'))}
    ${parameterTable('Header', those('header'))}
    ${
      body
        ? html`<h4>Body: ${typeOf(body)}</h4>
            ${schemaFields(document, body)}`
        : html``
    }
    <h4>Answers</h4>
    <table>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">What it says</th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(responses).map(([status, answer]) => answerRow(status, answer))}
      </tbody>
    </table>
    <h4>Example</h4>
    <pre tabindex="0"><code>${curlOf(document, entry)}</code></pre>
  </article>`;
}

/** The one shape of errors is not repeated. */
function answerRow(status: string, { description, content = {}, 'x-error-codes': codes }: AnswerDocument): Html {
  const bodies = codes
    ? []
    : Object.entries(content).map(([type, { schema }]) => html`${typeOf(schema)} <small>${type}</small><br />`);
  return html`<tr>
    <th scope="row"><code>${status}</code></th>
    <td>${bodies.length > 0 ? bodies : markdown(description)}</td>
  </tr>`;
}

const component = (document: ApiDocument, name: string): Html =>
  html`<article id="schema-${name}">
    <h3>${name}</h3>
    ${schemaFields(document, document.components.schemas[name] ?? {})}
  </article>`;

const errorTable = ({ 'x-errors': errors }: ApiDocument): Html =>
  html`<table>
    <thead>
      <tr>
        <th scope="col">Code</th>
        <th scope="col">Status</th>
        <th scope="col">What it says</th>
      </tr>
    </thead>
    <tbody>
      ${errors.map(
        ({ code, status, text }) =>
          html`<tr>
            <th scope="row"><code>${code}</code></th>
            <td>${status}</td>
            <td>${inlineMarkdown(text)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
