import {adviceByCode, type MeshesWorkspaceStrings} from '../element/strings.js';

/** Simplified Chinese texts for `MeshesWorkspaceElement.strings`. */
export const zhCN: MeshesWorkspaceStrings = {
  loading: '正在加载工作区…',
  ready: '工作区已加载。',
  errorTitle: '无法加载工作区',
  errors: adviceByCode({
    setup: '此页面未正确设置。请联系网站所有者。',
    signedOut: '您已退出登录。请登录后重试。',
    maybeSignedOut: '您可能已退出登录。请登录后重试。',
    noAccess: '您无权访问此工作区。请向管理员申请访问权限。',
    outdated: '此页面可能已过期。请重新加载页面，然后重试。',
    network: '无法连接到服务器。请检查网络连接，然后重试。',
    busy: '服务暂时不可用。请几分钟后重试。',
    slow: '工作区响应超时。请重试。',
    other: '请重试。如果问题仍然存在，请联系网站所有者。',
  }),
  retry: '重试',
  retrying: '正在重试…',
  expiredTitle: '您的会话已结束',
  expired: '请重新加载以开始新会话。重新加载后，未保存的更改将会丢失。',
  reload: '重新加载',
  frameReloaded: '工作区没有响应。',
  frameSignedOut: '您的会话已过期。正在重新连接…',
};
