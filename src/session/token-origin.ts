import {MeshesError, type MeshesErrorPhase} from '../errors.js';
import {isConfirmed, type LaunchRules, parseLaunchUrl} from '../frame/launch-url.js';
import type {TokenAnswer} from './token.js';

export interface TokenOriginRules extends LaunchRules {
  phase: MeshesErrorPhase;
  /** Origin of the frame that waits for this token; null if the response launches a new frame. */
  frameOrigin: string | null;
  /** The frame was started by `launch-url`, and this is its first token. */
  isFirst: boolean;
  /** Whether the refresh endpoint has another origin than the token endpoint. */
  separateEndpoints: boolean;
}

/**
 * Checks that a token is for the origin of the frame that will receive it.
 *
 * @returns the launch URL of the response, parsed; null if it has none
 * @throws MeshesError
 */
export function checkTokenOrigin(
  {launchUrl, embedOrigin}: TokenAnswer,
  rules: TokenOriginRules,
): URL | null {
  const {phase, frameOrigin, isFirst, separateEndpoints} = rules;
  const url = launchUrl === null ? null : parseLaunchUrl(launchUrl, rules, phase);
  const origin = frameOrigin ?? url!.origin;
  for (const answered of [url?.origin, embedOrigin]) {
    if (answered && answered !== origin) {
      throw new MeshesError(
        'origin_not_allowed',
        phase,
        `The workspace is on ${origin}, but its token is for ${answered}. Check launch-url, and launch_url and embed_origin in the endpoint's response.`,
      );
    }
  }
  // An endpoint can confirm the origin for its own tokens only.
  const answered = separateEndpoints ? null : (url?.origin ?? embedOrigin);
  const mustConfirm = isFirst || separateEndpoints;
  if (mustConfirm && !isConfirmed(origin, rules, answered)) {
    throw new MeshesError(
      'origin_not_allowed',
      phase,
      `The origin of launch-url is not confirmed: if ${origin} is right, set embed-origin="${origin}". If both endpoints are on one origin, embed_origin in the response also confirms it.`,
    );
  }
  return url;
}
