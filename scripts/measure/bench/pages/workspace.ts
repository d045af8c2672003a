/* In the frame: sends `meshes:ready`, and reports when the token is there. Has a field, for what a user types. */
interface Message {
  type?: string;
  /** What to write into the field; null to leave it. The answer is what is in it. */
  field?: string | null;
}

const now = () => performance.timeOrigin + performance.now();
const field = document.createElement('input');
document.body.append(field);
let spoke = 0;
addEventListener('message', ({data}: MessageEvent<Message | null>) => {
  if (data?.field !== undefined) {
    field.value = data.field ?? field.value;
    parent.postMessage({field: field.value}, '*');
  }
  if (data?.type !== 'meshes:auth') return;
  const arrived = now();
  parent.postMessage({stopwatch: {spoke, arrived}}, '*');
});
spoke = now();
parent.postMessage({type: 'meshes:ready'}, '*');
export {};
