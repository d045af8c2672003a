import type {MeshesWorkspaceElement} from 'meshes-workspace';

/** Reports errors, expiry, and warnings of a workspace. */
export const reportProblems = (
  workspace: MeshesWorkspaceElement,
  report: (code: string, details: string) => void,
): void => {
  const reportError = () => {
    const {code, phase, status, retryable} = workspace.error!;
    const answer = status === undefined ? [] : [`HTTP ${status}`];
    report(code, [phase, ...answer, retryable ? 'retryable' : 'final'].join(' · '));
  };
  workspace.addEventListener('meshes-error', reportError);
  workspace.addEventListener('meshes-token-expired', reportError);
  workspace.addEventListener('meshes-warning', ({detail}) => report(detail.code, 'warning'));
};
