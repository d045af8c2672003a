/*
 * Stands in for Lit's module for styles in the CDN files. Most of that is for browsers without constructable stylesheets and for
 * expressions in `css` templates.
 */

export const css = ([text]) => {
  let sheet;
  return {
    get styleSheet() {
      if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(text);
      return sheet;
    },
  };
};
export const adoptStyles = (root, styles) => {
  root.adoptedStyleSheets = styles.map(style =>
    style instanceof CSSStyleSheet ? style : style.styleSheet,
  );
};
export const getCompatibleStyle = style => style;
// Lit hands these on. The element uses none of them.
export const CSSResult = undefined,
  supportsAdoptingStyleSheets = undefined,
  unsafeCSS = undefined;
