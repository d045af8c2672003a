import {askAhead} from './ask-ahead.js';

/*
 * A classic script for the head of a page. It sends the first request of the element while everything else loads. The script tag has
 * the attributes of the element that affect this request, with the prefix `data-`.
 */

const {dataset} = document.currentScript!;

function start(): void {
  try {
    askAhead(dataset, document);
  } catch {
    // Invalid settings: the element reports them.
  }
}

// On a prerendered page, the launch URL would expire before the visit.
if ((document as {prerendering?: boolean}).prerendering) {
  document.addEventListener('prerenderingchange', start);
} else {
  start();
}
