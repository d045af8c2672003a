import {adviceByCode, type MeshesWorkspaceStrings} from '../element/strings.js';

/** Brazilian Portuguese texts for `MeshesWorkspaceElement.strings`. */
export const ptBR: MeshesWorkspaceStrings = {
  loading: 'Carregando o espaço de trabalho…',
  ready: 'Espaço de trabalho carregado.',
  errorTitle: 'Não foi possível carregar o espaço de trabalho',
  errors: adviceByCode({
    setup:
      'Esta página não está configurada corretamente. Entre em contato com o proprietário do site.',
    signedOut: 'Você saiu da sua conta. Entre e tente novamente.',
    maybeSignedOut: 'Talvez você tenha saído da sua conta. Entre e tente novamente.',
    noAccess: 'Você não tem acesso a este espaço de trabalho. Peça acesso a um administrador.',
    outdated: 'Esta página pode estar desatualizada. Recarregue a página e tente novamente.',
    network: 'Não foi possível conectar ao servidor. Verifique sua conexão e tente novamente.',
    busy: 'O serviço está temporariamente indisponível. Tente novamente em alguns minutos.',
    slow: 'O espaço de trabalho demorou demais para responder. Tente novamente.',
    other: 'Tente novamente. Se o problema continuar, entre em contato com o proprietário do site.',
  }),
  retry: 'Tentar novamente',
  retrying: 'Tentando novamente…',
  expiredTitle: 'Sua sessão foi encerrada',
  expired: 'Recarregue para iniciar uma nova sessão. As alterações não salvas serão perdidas.',
  reload: 'Recarregar',
  frameReloaded: 'O espaço de trabalho não está respondendo.',
  frameSignedOut: 'Sua sessão expirou. Reconectando…',
};
