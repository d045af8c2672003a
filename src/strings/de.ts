import {adviceByCode, type MeshesWorkspaceStrings} from '../element/strings.js';

/** German texts for `MeshesWorkspaceElement.strings`. */
export const de: MeshesWorkspaceStrings = {
  loading: 'Arbeitsbereich wird geladen …',
  ready: 'Arbeitsbereich geladen.',
  errorTitle: 'Der Arbeitsbereich konnte nicht geladen werden',
  errors: adviceByCode({
    setup:
      'Diese Seite ist nicht richtig eingerichtet. Bitte wenden Sie sich an den Betreiber der Website.',
    signedOut: 'Sie sind abgemeldet. Melden Sie sich an und versuchen Sie es erneut.',
    maybeSignedOut:
      'Möglicherweise sind Sie abgemeldet. Melden Sie sich an und versuchen Sie es erneut.',
    noAccess:
      'Sie haben keinen Zugriff auf diesen Arbeitsbereich. Bitten Sie einen Administrator um Zugriff.',
    outdated:
      'Diese Seite ist möglicherweise veraltet. Laden Sie die Seite neu, und versuchen Sie es dann erneut.',
    network:
      'Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
    busy: 'Der Dienst ist vorübergehend nicht verfügbar. Bitte versuchen Sie es in einigen Minuten erneut.',
    slow: 'Der Arbeitsbereich hat nicht rechtzeitig geantwortet. Bitte versuchen Sie es erneut.',
    other:
      'Bitte versuchen Sie es erneut. Wenn das Problem weiterhin besteht, wenden Sie sich an den Betreiber der Website.',
  }),
  retry: 'Erneut versuchen',
  retrying: 'Wird erneut versucht …',
  expiredTitle: 'Ihre Sitzung ist beendet',
  expired:
    'Laden Sie neu, um eine neue Sitzung zu starten. Nicht gespeicherte Änderungen gehen dabei verloren.',
  reload: 'Neu laden',
  frameReloaded: 'Der Arbeitsbereich reagiert nicht.',
  frameSignedOut: 'Ihre Sitzung ist abgelaufen. Die Verbindung wird wiederhergestellt …',
};
