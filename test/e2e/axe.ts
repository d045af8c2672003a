import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import type {Page} from '@playwright/test';
import type * as Axe from 'axe-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

/**
 * What axe finds on a page, shadow roots included and frames not: rule and place of each.
 *
 * @param without rules that do not apply to this page
 */
export async function axeViolations(page: Page, without: readonly string[] = []) {
  await page.evaluate(source);
  return page.evaluate(async without => {
    const {axe} = window as unknown as {axe: typeof Axe};
    const rules = Object.fromEntries(without.map(rule => [rule, {enabled: false}]));
    const {violations} = await axe.run(document, {iframes: false, rules});
    return violations.map(({id, nodes}) => ({id, where: nodes.map(({target}) => String(target))}));
  }, without);
}
