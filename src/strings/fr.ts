import {adviceByCode, type MeshesWorkspaceStrings} from '../element/strings.js';

/** French texts for `MeshesWorkspaceElement.strings`. */
export const fr: MeshesWorkspaceStrings = {
  loading: 'Chargement de l’espace de travail…',
  ready: 'Espace de travail chargé.',
  errorTitle: 'L’espace de travail n’a pas pu être chargé',
  errors: adviceByCode({
    setup:
      'Cette page n’est pas configurée correctement. Veuillez contacter le propriétaire du site.',
    signedOut: 'Vous êtes déconnecté. Connectez-vous, puis réessayez.',
    maybeSignedOut: 'Vous êtes peut-être déconnecté. Connectez-vous, puis réessayez.',
    noAccess:
      'Vous n’avez pas accès à cet espace de travail. Demandez l’accès à un administrateur.',
    outdated: 'Cette page n’est peut-être plus à jour. Rechargez la page, puis réessayez.',
    network: 'Impossible de joindre le serveur. Vérifiez votre connexion, puis réessayez.',
    busy: 'Le service est temporairement indisponible. Veuillez réessayer dans quelques minutes.',
    slow: 'L’espace de travail a mis trop de temps à répondre. Veuillez réessayer.',
    other: 'Veuillez réessayer. Si le problème persiste, contactez le propriétaire du site.',
  }),
  retry: 'Réessayer',
  retrying: 'Nouvelle tentative…',
  expiredTitle: 'Votre session est terminée',
  expired:
    'Rechargez pour démarrer une nouvelle session. Les modifications non enregistrées seront alors perdues.',
  reload: 'Recharger',
  frameReloaded: 'L’espace de travail ne répond pas.',
  frameSignedOut: 'Votre session a expiré. Reconnexion en cours…',
};
