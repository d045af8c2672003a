import {adviceByCode, type MeshesWorkspaceStrings} from '../element/strings.js';

/** Dutch texts for `MeshesWorkspaceElement.strings`. */
export const nl: MeshesWorkspaceStrings = {
  loading: 'Werkruimte laden…',
  ready: 'Werkruimte geladen.',
  errorTitle: 'De werkruimte kan niet worden geladen',
  errors: adviceByCode({
    setup: 'Deze pagina is niet goed ingesteld. Neem contact op met de eigenaar van de site.',
    signedOut: 'U bent afgemeld. Meld u aan en probeer het opnieuw.',
    maybeSignedOut: 'Mogelijk bent u afgemeld. Meld u aan en probeer het opnieuw.',
    noAccess: 'U hebt geen toegang tot deze werkruimte. Vraag een beheerder om toegang.',
    outdated: 'Deze pagina is mogelijk verouderd. Laad de pagina opnieuw en probeer het opnieuw.',
    network: 'De server is niet bereikbaar. Controleer uw verbinding en probeer het opnieuw.',
    busy: 'De service is tijdelijk niet beschikbaar. Probeer het over enkele minuten opnieuw.',
    slow: 'De werkruimte reageerde niet op tijd. Probeer het opnieuw.',
    other:
      'Probeer het opnieuw. Neem contact op met de eigenaar van de site als het probleem zich blijft voordoen.',
  }),
  retry: 'Opnieuw proberen',
  retrying: 'Opnieuw proberen…',
  expiredTitle: 'Uw sessie is beëindigd',
  expired:
    'Laad opnieuw om een nieuwe sessie te starten. Niet-opgeslagen wijzigingen gaan dan verloren.',
  reload: 'Opnieuw laden',
  frameReloaded: 'De werkruimte reageert niet.',
  frameSignedOut: 'Uw sessie is verlopen. Verbinding herstellen…',
};
