import {adviceByCode, type MeshesWorkspaceStrings} from '../element/strings.js';

/** Japanese texts for `MeshesWorkspaceElement.strings`. */
export const ja: MeshesWorkspaceStrings = {
  loading: 'ワークスペースを読み込んでいます…',
  ready: 'ワークスペースを読み込みました。',
  errorTitle: 'ワークスペースを読み込めませんでした',
  errors: adviceByCode({
    setup: 'このページは正しく設定されていません。サイトの管理者にお問い合わせください。',
    signedOut: 'サインアウトしています。サインインしてから、もう一度お試しください。',
    maybeSignedOut:
      'サインアウトしている可能性があります。サインインしてから、もう一度お試しください。',
    noAccess:
      'このワークスペースにアクセスする権限がありません。管理者にアクセス権を依頼してください。',
    outdated:
      'このページは古くなっている可能性があります。ページを再読み込みしてから、もう一度お試しください。',
    network: 'サーバーに接続できませんでした。接続を確認してから、もう一度お試しください。',
    busy: 'サービスは一時的に利用できません。数分後にもう一度お試しください。',
    slow: 'ワークスペースから時間内に応答がありませんでした。もう一度お試しください。',
    other: 'もう一度お試しください。問題が解決しない場合は、サイトの管理者にお問い合わせください。',
  }),
  retry: '再試行',
  retrying: '再試行しています…',
  expiredTitle: 'セッションが終了しました',
  expired:
    '再読み込みして、新しいセッションを開始してください。再読み込みすると、保存されていない変更は失われます。',
  reload: '再読み込み',
  frameReloaded: 'ワークスペースが応答していません。',
  frameSignedOut: 'セッションの有効期限が切れました。再接続しています…',
};
