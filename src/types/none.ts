/** What `import 'meshes-workspace/types/…'` loads at run time: the declarations have no values. */
export {};
