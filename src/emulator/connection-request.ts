import * as z from 'zod/mini';
import {invalidParam} from './api-error.js';
import {integrationTypes} from './model/types.js';
import type {NewConnection, WorkspaceStore} from './model/workspace-store.js';
import {BODY_MESSAGE, flag, jsonObject, oneOf, shortString, uuid} from './request-fields.js';
import {validate} from './validate.js';

const changeFields = {
  name: shortString(128),
  metadata: jsonObject,
  hidden: z.optional(flag),
};
const changeSchema = z.strictObject(changeFields, BODY_MESSAGE);
const connectionSchema = z.strictObject(
  {workspace: uuid, type: oneOf(integrationTypes), ...changeFields},
  BODY_MESSAGE,
);
const deleteSchema = z.strictObject({force_delete: z.optional(flag)}, BODY_MESSAGE);

/** Validates the body of `POST /connections`. */
export const parseConnection = (
  workspaces: WorkspaceStore,
  body: unknown,
  createdBy: string,
): NewConnection => {
  const {workspace, hidden = false, ...fields} = validate(connectionSchema, body);
  if (!workspaces.findWorkspace(workspace)) {
    throw invalidParam('workspace', 'this organization has no such workspace.');
  }
  return {...fields, workspaceId: workspace, hidden, createdBy};
};

/** Validates the body of `PUT /connections/:id`. */
export const parseConnectionChange = (body: unknown): z.infer<typeof changeSchema> =>
  validate(changeSchema, body);

/** Validates the optional body of `DELETE /connections/:id`. */
export const parseForceDelete = (body: unknown): boolean =>
  body === undefined ? false : (validate(deleteSchema, body).force_delete ?? false);
