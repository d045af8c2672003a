import {adviceByCode, type MeshesWorkspaceStrings} from '../element/strings.js';

/** Italian texts for `MeshesWorkspaceElement.strings`. */
export const it: MeshesWorkspaceStrings = {
  loading: 'Caricamento dell’area di lavoro…',
  ready: 'Area di lavoro caricata.',
  errorTitle: 'Impossibile caricare l’area di lavoro',
  errors: adviceByCode({
    setup: 'Questa pagina non è configurata correttamente. Contatta il proprietario del sito.',
    signedOut: 'Non hai effettuato l’accesso. Accedi e riprova.',
    maybeSignedOut: 'È possibile che tu sia disconnesso. Accedi e riprova.',
    noAccess: 'Non hai accesso a quest’area di lavoro. Chiedi l’accesso a un amministratore.',
    outdated: 'Questa pagina potrebbe non essere aggiornata. Ricarica la pagina e riprova.',
    network: 'Impossibile raggiungere il server. Controlla la connessione e riprova.',
    busy: 'Il servizio è temporaneamente non disponibile. Riprova tra qualche minuto.',
    slow: 'L’area di lavoro ha impiegato troppo tempo a rispondere. Riprova.',
    other: 'Riprova. Se il problema persiste, contatta il proprietario del sito.',
  }),
  retry: 'Riprova',
  retrying: 'Nuovo tentativo…',
  expiredTitle: 'La sessione è terminata',
  expired: 'Ricarica per iniziare una nuova sessione. Le modifiche non salvate andranno perse.',
  reload: 'Ricarica',
  frameReloaded: 'L’area di lavoro non risponde.',
  frameSignedOut: 'La sessione è scaduta. Riconnessione in corso…',
};
