import * as z from 'zod/mini';
import {invalidParam} from './api-error.js';
import type {NewRule, WorkspaceStore} from './model/workspace-store.js';
import {
  BODY_MESSAGE,
  flag,
  jsonObject,
  resourceId,
  shortString,
  stringOf,
  uuid,
} from './request-fields.js';
import {validate} from './validate.js';

const actionMessage = 'is required, and must be the key of an action.';

const ruleSchema = z.strictObject(
  {
    workspace: uuid,
    connection: uuid,
    event: stringOf(/^(?=.*\S)[^*]+$/, 'the name of an event. Wildcards are not supported'),
    metadata: jsonObject.check(
      z.refine(({action}) => typeof action === 'string' && action !== '', {
        path: ['action'],
        message: actionMessage,
      }),
    ),
    resource: z.optional(shortString(255)),
    resource_id: z.optional(resourceId),
    active: z.optional(flag),
    hidden: z.optional(flag),
  },
  BODY_MESSAGE,
);

/** Validates the body of `POST /rules`, and that the connection belongs to the workspace. */
export const parseRule = (
  workspaces: WorkspaceStore,
  body: unknown,
  createdBy: string,
): NewRule => {
  const request = validate(ruleSchema, body);
  if (!workspaces.findWorkspace(request.workspace)) {
    throw invalidParam('workspace', 'this organization has no such workspace.');
  }
  if (workspaces.findConnection(request.connection)?.workspaceId !== request.workspace) {
    throw invalidParam('connection', 'this workspace has no such connection.');
  }
  return {
    workspaceId: request.workspace,
    connectionId: request.connection,
    event: request.event,
    metadata: request.metadata as NewRule['metadata'],
    resource: request.resource ?? null,
    resourceId: request.resource_id ?? null,
    active: request.active ?? true,
    hidden: request.hidden ?? false,
    createdBy,
  };
};
