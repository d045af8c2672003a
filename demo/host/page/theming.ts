import {find} from './find.js';
import {showStates} from './show-states.js';
import {showViews} from './show-views.js';

showStates();
showViews();

const press = (pressed: HTMLElement): void => {
  for (const button of pressed.parentElement!.querySelectorAll('button')) {
    button.setAttribute('aria-pressed', String(button === pressed));
  }
};

const sheet = find('#theme') as HTMLLinkElement;
for (const button of document.querySelectorAll<HTMLElement>('[data-theme]')) {
  button.addEventListener('click', () => {
    const {theme} = button.dataset;
    sheet.href = `/assets/theme-${theme}.css`;
    press(button);
    for (const code of document.querySelectorAll<HTMLElement>('[data-theme-code]')) {
      code.hidden = code.dataset.themeCode !== theme;
    }
  });
}

for (const button of document.querySelectorAll<HTMLElement>('[data-scheme]')) {
  button.addEventListener('click', () => {
    document.documentElement.style.colorScheme = button.dataset.scheme!;
    press(button);
  });
}
