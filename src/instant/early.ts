import {askAhead} from './ask-ahead.js';

/*
 * A classic script for the head of a page: sends the first request of the element while everything else loads. Its tag has the
 * attributes of the element that shape this request, with `data-` before them.
 */

const {dataset} = document.currentScript!;

function start(): void {
  try {
    askAhead(dataset, document);
  } catch {
    // The element reports what is wrong with its settings.
  }
}

// The launch URL of a page that is rendered ahead of a visit would expire.
if ((document as {prerendering?: boolean}).prerendering) {
  document.addEventListener('prerenderingchange', start);
} else {
  start();
}
