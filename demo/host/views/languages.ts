import {html, raw} from 'hono/html';
import type {User} from '../visitors.js';
import type {Html} from './layout.js';
import {tourPage} from './tour-page.js';
import {viewGallery} from './view-gallery.js';

const LANGUAGES = [
  {code: 'en', name: 'English', frameTitle: 'Meshes workspace', direction: 'ltr'},
  {
    code: 'de',
    name: 'Deutsch',
    frameTitle: 'Meshes-Arbeitsbereich',
    direction: 'ltr',
  },
  {
    code: 'fr',
    name: 'Français',
    frameTitle: 'Espace de travail Meshes',
    direction: 'ltr',
  },
  {code: 'ar', name: 'العربية', frameTitle: 'مساحة عمل Meshes', direction: 'rtl', file: 'arabic'},
] as const;

export const languagesPage = (
  user: User | null,
  wanted: string | undefined,
  script: (name: string) => string,
): Html => {
  const language = LANGUAGES.find(({code}) => code === wanted) ?? LANGUAGES[0];
  return tourPage({
    title: 'Languages',
    path: '/languages',
    user,
    intro:
      'You can replace every text of the element, also for screen readers. The views follow the direction of the page.',
    script: 'languages',
    body: html`<div class="toolbar">
        <nav class="choice" aria-label="Language of the workspaces">
          ${LANGUAGES.map(
            ({code, name}) =>
              html`<a
                class="button"
                href="/languages?lang=${code}"
                lang="${code}"
                ${code === language.code ? raw('aria-current="page"') : ''}
                >${name}</a
              >`,
          )}
        </nav>
      </div>
      <div class="gallery" lang="${language.code}" dir="${language.direction}">
        ${viewGallery(language.frameTitle)}
      </div>`,
    examples: [
      {
        title: 'The script',
        text: 'Set the texts before the first workspace is shown. The package has the texts of ten languages.',
        code: script('languages'),
      },
      ...('file' in language
        ? [
            {
              title: 'The texts',
              text: 'One object with your own texts. Texts that you leave out stay English. Translate the attribute frame-title, too.',
              code: script(`texts/${language.file}`),
            },
          ]
        : []),
    ],
  });
};
