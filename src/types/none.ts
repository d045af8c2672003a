/** The empty module that `import 'meshes-workspace/types/…'` loads at run time. The declarations have no values. */
export {};
