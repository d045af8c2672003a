import type {MeshesWorkspaceStrings} from 'meshes-workspace';

export const german: MeshesWorkspaceStrings = {
  loading: 'Arbeitsbereich wird geladen …',
  ready: 'Arbeitsbereich geladen.',
  errorTitle: 'Der Arbeitsbereich konnte nicht geladen werden',
  errors: {
    endpoint_unauthorized: 'Sie sind abgemeldet. Melden Sie sich an und versuchen Sie es erneut.',
    endpoint_forbidden: 'Sie haben keinen Zugang zu diesem Arbeitsbereich.',
    endpoint_network: 'Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
    default: 'Bitte versuchen Sie es erneut. Tritt es wieder auf, melden Sie es dem Betreiber.',
  },
  retry: 'Erneut versuchen',
  retrying: 'Wird erneut versucht …',
  expiredTitle: 'Ihre Sitzung ist beendet',
  expired: 'Laden Sie neu. Eingaben, die nicht gespeichert sind, bleiben bis dahin hier.',
  reload: 'Neu laden',
  frameReloaded: 'Der Arbeitsbereich antwortet nicht.',
  frameSignedOut: 'Der Arbeitsbereich ist abgemeldet. Die Verbindung wird wiederhergestellt …',
};
