import {MeshesEventsClient, type MeshesEventBody} from 'meshes-workspace/events';

/** Sends an event from the browser. @returns the ID of the event */
export const sendEvent = async (
  publishableKey: string,
  apiBaseUrl: string,
  event: MeshesEventBody,
): Promise<string> => {
  const client = new MeshesEventsClient(publishableKey, {apiBaseUrl, retries: 2});
  const answer = await client.emit(event);
  return answer.event.id;
};
