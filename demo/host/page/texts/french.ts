import type {MeshesWorkspaceStrings} from 'meshes-workspace';

export const french: MeshesWorkspaceStrings = {
  loading: 'Chargement de l’espace de travail…',
  ready: 'Espace de travail chargé.',
  errorTitle: 'L’espace de travail n’a pas pu être chargé',
  errors: {
    endpoint_unauthorized: 'Vous êtes déconnecté. Connectez-vous, puis réessayez.',
    endpoint_forbidden: 'Vous n’avez pas accès à cet espace de travail.',
    endpoint_network: 'Vérifiez votre connexion, puis réessayez.',
    default: 'Veuillez réessayer. Si cela se reproduit, prévenez les responsables de cette page.',
  },
  retry: 'Réessayer',
  retrying: 'Nouvel essai…',
  expiredTitle: 'Votre session est terminée',
  expired: 'Rechargez pour continuer. Ce qui n’est pas enregistré reste ici jusque-là.',
  reload: 'Recharger',
  frameReloaded: 'L’espace de travail ne répond pas.',
  frameSignedOut: 'L’espace de travail est déconnecté. Reconnexion en cours…',
};
