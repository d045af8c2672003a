import type {PageMessage} from '../session/session-options.js';
import type {Emit} from './element-events.js';
import type {FrameView} from './frame-view.js';
import {launchPageOf} from './launch-page.js';
import type {ForwardedNotice} from './session-controller.js';
import type {ViewController} from './view-controller.js';

/** Dispatches a notice of the session as an event, and updates the views and the frame. */
export function dispatchNotice(
  notice: ForwardedNotice,
  views: ViewController,
  frame: FrameView,
  emit: Emit,
): void {
  switch (notice.type) {
    case 'ready':
    case 'token-refresh': {
      const {type, ...detail} = notice;
      emit(`meshes-${type}`, detail);
      break;
    }
    case 'token-expired': {
      const {sessionId, error} = notice;
      views.setCancelled(!emit('meshes-token-expired', {sessionId, error}));
      break;
    }
    case 'error':
      views.setCancelled(!emit('meshes-error', notice.error));
      break;
    case 'warning': {
      const {code, message} = notice;
      if (code === 'frame_reloaded') views.setUnresponsive(true);
      if (code === 'frame_signed_out') views.setSignedOut();
      emit('meshes-warning', {code, message});
      break;
    }
    case 'document-ready':
      views.setUnresponsive(false);
      frame.pageChanged();
      break;
    case 'message':
      views.setUnresponsive(false);
      receive(notice.message, frame, emit);
      break;
    default:
      notice satisfies never;
  }
}

function receive(message: PageMessage, frame: FrameView, emit: Emit): void {
  switch (message.type) {
    case 'meshes:navigate': {
      const {path, data} = message;
      frame.pageChanged();
      emit('meshes-navigate', {path, page: launchPageOf(path), data});
      break;
    }
    case 'meshes:resize':
      frame.resize(message.height);
      break;
    default:
      message satisfies never;
  }
}
