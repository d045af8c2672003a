import {keep} from 'meshes-workspace/instant';

/** A minimal router: replaces the current route by a template. @returns whether the workspace was kept */
export const changeRoute = (outlet: HTMLElement, name: string, keeps: boolean): boolean => {
  const workspace = outlet.querySelector('meshes-workspace');
  // Before the element is removed.
  const isKept = workspace !== null && keeps && keep(workspace);
  const template = document.querySelector<HTMLTemplateElement>(`template#${name}`)!;
  outlet.replaceChildren(template.content.cloneNode(true));
  return isKept;
};
