import {adviceByCode, type MeshesWorkspaceStrings} from '../element/strings.js';

/** Korean texts for `MeshesWorkspaceElement.strings`. */
export const ko: MeshesWorkspaceStrings = {
  loading: '워크스페이스를 불러오는 중…',
  ready: '워크스페이스를 불러왔습니다.',
  errorTitle: '워크스페이스를 불러올 수 없습니다',
  errors: adviceByCode({
    setup: '이 페이지가 올바르게 설정되지 않았습니다. 사이트 관리자에게 문의하세요.',
    signedOut: '로그아웃되었습니다. 로그인한 후 다시 시도하세요.',
    maybeSignedOut: '로그아웃되었을 수 있습니다. 로그인한 후 다시 시도하세요.',
    noAccess: '이 워크스페이스에 액세스할 권한이 없습니다. 관리자에게 액세스 권한을 요청하세요.',
    outdated: '이 페이지가 최신 상태가 아닐 수 있습니다. 페이지를 새로고침한 후 다시 시도하세요.',
    network: '서버에 연결할 수 없습니다. 연결을 확인한 후 다시 시도하세요.',
    busy: '서비스를 일시적으로 사용할 수 없습니다. 몇 분 후에 다시 시도하세요.',
    slow: '워크스페이스가 제시간에 응답하지 않았습니다. 다시 시도하세요.',
    other: '다시 시도하세요. 문제가 계속되면 사이트 관리자에게 문의하세요.',
  }),
  retry: '다시 시도',
  retrying: '다시 시도하는 중…',
  expiredTitle: '세션이 종료되었습니다',
  expired: '새 세션을 시작하려면 새로 고치세요. 새로 고치면 저장하지 않은 변경 사항이 사라집니다.',
  reload: '새로 고침',
  frameReloaded: '워크스페이스가 응답하지 않습니다.',
  frameSignedOut: '세션이 만료되었습니다. 다시 연결하는 중…',
};
