import * as z from 'zod/mini';
import type {Workspace} from './model/types.js';
import {BODY_MESSAGE, stringOf} from './request-fields.js';
import {validate} from './validate.js';

const descriptionMessage = 'must be a string of at most 1024 characters.';

const workspaceSchema = z.strictObject(
  {
    name: stringOf(
      /^[A-Za-z0-9 _-]{3,50}$/,
      '3 to 50 letters, digits, spaces, underscores, or hyphens',
    ),
    description: z.optional(
      z.nullable(z.string(descriptionMessage).check(z.maxLength(1024, descriptionMessage))),
    ),
  },
  BODY_MESSAGE,
);

/** Validates the body of `POST /workspaces` and `PUT /workspaces/:id`. */
export const parseWorkspace = (
  body: unknown,
): Pick<Workspace, 'name'> & Partial<Pick<Workspace, 'description'>> =>
  validate(workspaceSchema, body);
