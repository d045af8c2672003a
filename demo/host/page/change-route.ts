import {keep} from 'meshes-workspace/instant';

/** A router in a few lines: shows a template in the place of the last route. @returns whether the workspace was kept */
export const changeRoute = (outlet: HTMLElement, name: string, keeps: boolean): boolean => {
  const workspace = outlet.querySelector('meshes-workspace');
  // Before the element leaves the page.
  const isKept = workspace !== null && keeps && keep(workspace);
  const template = document.querySelector<HTMLTemplateElement>(`template#${name}`)!;
  outlet.replaceChildren(template.content.cloneNode(true));
  return isKept;
};
