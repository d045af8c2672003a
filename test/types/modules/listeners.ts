import 'meshes-workspace';

const element = document.querySelector('meshes-workspace')!;
const onNavigate = (event: CustomEvent<{path: string | null}>) => event.detail.path?.length;

element.addEventListener('meshes-navigate', onNavigate);
element.removeEventListener('meshes-navigate', onNavigate);
element.addEventListener('meshes-ready', ({detail}) => detail.origin.length);
element.addEventListener('meshes-error', ({detail}) => detail.code === 'csp_blocked');
element.addEventListener('click', event => event.clientX, {once: true});
element.addEventListener('another', event => event.type);
// They bubble.
document.body.addEventListener('meshes-resize', event => event.detail.height.toFixed());
document.addEventListener('meshes-warning', event => event.detail.message.length);
addEventListener('meshes-state-change', event => event.detail.previousState === 'ready');

// @ts-expect-error -- no such detail
element.addEventListener('meshes-ready', ({detail}) => detail.token as unknown);
// @ts-expect-error -- the path can be missing
element.addEventListener('meshes-navigate', ({detail}) => detail.path.length);
// @ts-expect-error -- no such state
addEventListener('meshes-state-change', event => event.detail.state === 'done');
