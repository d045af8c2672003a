/* The least that an element made with Lit is: a property, a style, a template. */
import {css, html, LitElement} from 'lit';

class BareLit extends LitElement {
  static override styles = css`
    :host {
      display: block;
      min-height: 480px;
    }
  `;
  static override properties = {label: {}};
  declare label: string;

  override render() {
    return html`<div class="frame">${this.label}</div>`;
  }
}
customElements.define('bare-lit', BareLit);
