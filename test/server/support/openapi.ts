/** Compares answers with src/session-endpoint.openapi.json. */
import assert from 'node:assert/strict';
import path from 'node:path';
import {Validator} from '@seriousme/openapi-schema-validator';
import {Ajv2020} from 'ajv/dist/2020.js';
import type {RawAnswer} from './raw-http.js';

interface SpecifiedResponse {
  headers?: Record<string, {required?: boolean; schema: object}>;
  content?: Record<string, {schema: object}>;
}

interface OpenApi {
  paths: Record<string, {post: {responses: Record<string, SpecifiedResponse>}}>;
}

const file = path.resolve(import.meta.dirname, '../../../src/session-endpoint.openapi.json');

const validator = new Validator();
export const validity = await validator.validate(file);
/** The document with its references resolved. */
export const openApi = validator.resolveRefs() as unknown as OpenApi;

const ajv = new Ajv2020({allErrors: true});

function assertValid(schema: object, value: unknown, name: string): void {
  assert.ok(ajv.validate(schema, value), `${name}: ${ajv.errorsText()}`);
}

/** @throws AssertionError for a status, a content type, a header, or a body that the document does not specify */
export function assertSpecified(route: string, {status, headers, body}: RawAnswer): void {
  const response = openApi.paths[route]?.post.responses[status];
  assert.ok(response, `The OpenAPI file has no status ${status}.`);
  for (const [name, {schema}] of Object.entries(response.headers ?? {})) {
    assertValid(schema, headers.get(name.toLowerCase()) ?? null, name);
  }
  const [content] = Object.entries(response.content ?? {});
  if (content === undefined) {
    assert.equal(body, '');
    return;
  }
  const [type, {schema}] = content;
  assert.equal(headers.get('content-type')?.split(';')[0], type);
  assertValid(schema, JSON.parse(body), 'The body');
}
