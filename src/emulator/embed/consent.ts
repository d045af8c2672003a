/** The consent window closes itself where a script has opened it, else it asks to be closed. */
const button = document.querySelector<HTMLButtonElement>('#close');

if (button && window.opener) {
  button.hidden = false;
  button.addEventListener('click', () => window.close());
  setTimeout(() => window.close(), 1500);
}
