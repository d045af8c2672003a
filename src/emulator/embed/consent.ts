/** Closes the consent window, also with a button, if a script has opened it. Browsers close no other window. */
const button = document.querySelector<HTMLButtonElement>('#close');

if (button && window.opener) {
  button.hidden = false;
  button.addEventListener('click', () => window.close());
  setTimeout(() => window.close(), 1500);
}
