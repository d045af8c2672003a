import {adviceByCode, type MeshesWorkspaceStrings} from '../element/strings.js';

/** Spanish texts for `MeshesWorkspaceElement.strings`. */
export const es: MeshesWorkspaceStrings = {
  loading: 'Cargando el espacio de trabajo…',
  ready: 'Espacio de trabajo cargado.',
  errorTitle: 'No se pudo cargar el espacio de trabajo',
  errors: adviceByCode({
    setup:
      'Esta página no está configurada correctamente. Póngase en contacto con el propietario del sitio.',
    signedOut: 'Su sesión está cerrada. Inicie sesión y vuelva a intentarlo.',
    maybeSignedOut: 'Es posible que su sesión esté cerrada. Inicie sesión y vuelva a intentarlo.',
    noAccess: 'No tiene acceso a este espacio de trabajo. Solicite acceso a un administrador.',
    outdated:
      'Es posible que esta página esté desactualizada. Recargue la página y vuelva a intentarlo.',
    network: 'No se pudo conectar con el servidor. Compruebe su conexión y vuelva a intentarlo.',
    busy: 'El servicio no está disponible temporalmente. Vuelva a intentarlo dentro de unos minutos.',
    slow: 'El espacio de trabajo tardó demasiado en responder. Vuelva a intentarlo.',
    other:
      'Vuelva a intentarlo. Si el problema continúa, póngase en contacto con el propietario del sitio.',
  }),
  retry: 'Reintentar',
  retrying: 'Reintentando…',
  expiredTitle: 'Su sesión ha finalizado',
  expired:
    'Vuelva a cargar para empezar una sesión nueva. Al hacerlo, se perderán los cambios no guardados.',
  reload: 'Volver a cargar',
  frameReloaded: 'El espacio de trabajo no responde.',
  frameSignedOut: 'Su sesión ha caducado. Reconectando…',
};
