/* A page that has its frame sized by iframe-resizer. */
import iframeResize from '@iframe-resizer/parent';

Object.assign(globalThis, {
  sizeByIframeResizer: (onReady: () => void) =>
    iframeResize(
      {license: 'GPLv3', waitForLoad: false, checkOrigin: false, onReady},
      document.querySelector('iframe')!,
    ),
});
