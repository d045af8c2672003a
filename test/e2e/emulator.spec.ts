import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import type {Page} from '@playwright/test';
import {expect, test, type Quickstart} from '../emulator/quickstart-test.js';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
const allPages = ['Dashboard', 'Connections', 'Mappings', 'Rules', 'Events'];

/** Puts the frame of a freshly minted session into an empty page, whose script never answers it. */
const openSilently = async (page: Page, {emulator, host}: Quickstart, fields: object = {}) => {
  const {body} = await emulator.mint({...fields});
  await page.goto(`${host.origin}/empty`);
  await page.evaluate((url: string) => {
    const messages: unknown[] = [];
    Object.assign(window, {messages});
    addEventListener('message', event => messages.push(event.data));
    const iframe = document.createElement('iframe');
    iframe.src = url;
    document.body.append(iframe);
  }, body.launch_url as string);
};

test.describe('the embed app', () => {
  test('the embed app has a link to every page', async ({quickstart}) => {
    await quickstart.signIn();
    const {frame} = quickstart;
    for (const name of allPages) {
      await frame.getByRole('link', {name, exact: true}).click();
      await expect(frame.getByRole('heading', {name, level: 1})).toBeVisible();
      await expect(frame.getByRole('link', {name, exact: true})).toHaveAttribute(
        'aria-current',
        'page',
      );
    }
    await frame.getByRole('link', {name: 'deal.won'}).first().click();
    await expect(frame.getByRole('heading', {name: 'Event detail', level: 1})).toBeVisible();
  });

  test('the embed app opens on the launch page of the session', async ({quickstart}) => {
    await quickstart.signIn({launch_page: 'rules'}, 'Rules');
    await quickstart.signIn({launch_path: '/workspace/mappings'}, 'Mappings');
    await quickstart.signIn({launch_path: '/workspace/members'}, 'Not available');
  });

  test('the embed app signs in once more if its request is lost, as when the page goes to the back/forward cache', async ({
    page,
    quickstart,
  }) => {
    quickstart.allow(/ERR_FAILED|NS_ERROR|Failed to load resource|request: /);
    let lost = 0;
    await page.route('**/data/session', async route => {
      lost += 1;
      if (lost === 1) await route.abort();
      else await route.continue();
    });
    await quickstart.signIn();
    expect(lost).toBe(2);
  });

  test('the embed app says "Invalid or expired embed launch token" after a hard reload', async ({
    page,
    quickstart,
  }) => {
    quickstart.allow(/401/);
    await quickstart.signIn();
    await page.frames()[1]?.evaluate('location.reload()');
    await expect(
      quickstart.frame.getByRole('heading', {name: 'Invalid or expired embed launch token'}),
    ).toBeVisible();
  });

  test('the embed app says "Authentication required" until meshes:auth arrives, and posts ready once', async ({
    page,
    quickstart,
  }) => {
    await openSilently(page, quickstart);
    await expect(
      quickstart.frame.getByRole('heading', {name: 'Authentication required'}),
    ).toBeVisible({timeout: 10_000});
    const types = (await quickstart.messages()).map(({type}) => type);
    expect(types.filter(type => type !== 'meshes:resize')).toEqual(['meshes:ready']);
  });

  test('the embed app says "Authentication required" after malformed tokens, and stops asking', async ({
    page,
    quickstart,
  }) => {
    quickstart.allow(/401/);
    await page.addInitScript(() => {
      addEventListener('message', event => {
        const {type} = event.data as {type: string};
        if (type === 'meshes:ready' || type === 'meshes:token-refresh') {
          (event.source as Window).postMessage(
            {type: 'meshes:auth', token: 'malformed'},
            event.origin,
          );
        }
      });
    });
    await openSilently(page, quickstart);
    await expect(
      quickstart.frame.getByRole('heading', {name: 'Authentication required'}),
    ).toBeVisible();
    // The heading comes with the first answer that refuses a token, and the end with the last one.
    await expect.poll(() => quickstart.countOf('meshes:token-expired')).toBe(1);
    const types = (await quickstart.messages()).map(message => message.type);
    expect(types.filter(type => type === 'meshes:token-refresh')).toHaveLength(2);
  });

  test('the embed app ignores meshes:auth from any window but its parent', async ({
    page,
    quickstart,
  }) => {
    const {body} = await quickstart.emulator.mint();
    const token = body.access_token as string;
    await openSilently(page, quickstart);
    await expect.poll(() => quickstart.countOf('meshes:ready')).toBe(1);
    // From itself, which has another origin than the host, and from a sibling, which has the host's.
    await page.frames()[1]?.evaluate((sent: string) => {
      window.postMessage({type: 'meshes:auth', token: sent}, '*');
    }, token);
    await page.evaluate((sent: string) => {
      const sibling = document.createElement('iframe');
      document.body.append(sibling);
      const script = sibling.contentDocument!.createElement('script');
      const data = JSON.stringify({type: 'meshes:auth', token: sent});
      script.textContent = `parent.frames[0].postMessage(${data}, '*')`;
      sibling.contentDocument!.body.append(script);
    }, token);
    await expect(
      page.frameLocator('iframe >> nth=0').getByRole('heading', {name: 'Authentication required'}),
    ).toBeVisible({timeout: 10_000});
  });

  test('a page of an origin that is not allowed cannot frame the embed app', async ({
    page,
    quickstart,
  }) => {
    quickstart.allow(/frame-ancestors|Framing|X-Frame|blocked|refused/i);
    await openSilently(page, quickstart, {allowed_origins: ['https://app.example.com']});
    await expect
      .poll(async () => {
        const {body} = await quickstart.emulator.control('GET', '/state');
        return body.requests['GET /workspace/dashboard'];
      })
      .toEqual({200: 1});
    await expect(quickstart.frame.locator('#app')).toHaveCount(0);
  });

  test('the embed app creates a rule, delivers by it, deletes it, and restores it', async ({
    quickstart,
  }) => {
    await quickstart.signIn({role: 'admin', launch_page: 'rules'}, 'Rules');
    const {frame, emulator} = quickstart;
    await frame.getByLabel('Rule name').fill('Quotes to Slack');
    await frame.getByLabel('Event name').fill('quote.sent');
    await frame.getByLabel('Destination').selectOption('Slack #sales');
    await frame.getByRole('button', {name: 'Create rule'}).click();
    await expect(frame.getByRole('cell', {name: 'Quotes to Slack', exact: true})).toBeVisible();
    await expect(frame.getByText('The rule “Quotes to Slack” is active.')).toBeVisible();

    await emulator.send({event: 'quote.sent', payload: {total: 12}});
    await frame.getByRole('link', {name: 'Events', exact: true}).click();
    await frame.getByRole('link', {name: 'quote.sent'}).click();
    await expect(frame.getByText('by the rule “Quotes to Slack”')).toBeVisible();

    await frame.getByRole('link', {name: 'Rules', exact: true}).click();
    await frame.getByRole('button', {name: 'Delete Quotes to Slack'}).click();
    await expect(frame.getByRole('cell', {name: 'Quotes to Slack', exact: true})).toHaveCount(0);
    await frame.getByRole('button', {name: 'Undo'}).click();
    await expect(frame.getByRole('cell', {name: 'Quotes to Slack', exact: true})).toBeVisible();
  });

  test('the embed app says what is wrong with a rule', async ({quickstart}) => {
    await quickstart.signIn({role: 'admin', launch_page: 'rules'}, 'Rules');
    const {frame} = quickstart;
    await frame.getByLabel('Rule name').fill('Wrong');
    await frame.getByLabel('Event name').fill('a*b');
    await frame.getByRole('button', {name: 'Create rule'}).click();
    await expect(frame.getByRole('alert').filter({hasText: 'event:'})).toBeVisible();
    quickstart.allow(/400/);
  });

  test('the embed app connects a provider in a window of its own, and shows it afterwards', async ({
    page,
    quickstart,
  }) => {
    await quickstart.signIn({role: 'admin', launch_page: 'connections'}, 'Connections');
    const {frame} = quickstart;
    const opening = page.waitForEvent('popup');
    await frame.getByRole('button', {name: 'Connect Salesforce'}).click();
    const popup = await opening;
    await expect(
      popup.getByRole('heading', {name: 'Allow Meshes to use your Salesforce account?'}),
    ).toBeVisible();
    const closing = popup.waitForEvent('close');
    await popup.getByRole('button', {name: 'Allow'}).click();
    await expect(frame.getByRole('cell', {name: 'Salesforce'}).first()).toBeVisible();
    await expect(frame.getByText('Salesforce is connected.')).toBeVisible();
    await closing;
  });

  test('the embed app opens the consent window from a sandboxed frame too', async ({
    page,
    quickstart,
  }) => {
    await page.addInitScript(() => {
      addEventListener('DOMContentLoaded', () => {
        document
          .querySelector('iframe')
          ?.setAttribute(
            'sandbox',
            'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox',
          );
      });
    });
    await quickstart.signIn({role: 'admin', launch_page: 'connections'}, 'Connections');
    const opening = page.waitForEvent('popup');
    await quickstart.frame.getByRole('button', {name: 'Connect HubSpot'}).click();
    const popup = await opening;
    await popup.getByRole('button', {name: 'Cancel'}).click();
    await expect(popup.getByRole('heading', {name: 'HubSpot was not connected'})).toBeVisible();
  });

  test('the embed app retries a delivery that failed', async ({quickstart}) => {
    const {frame, emulator} = quickstart;
    const {body} = await emulator.send({event: 'contact.created', payload: {name: 'Jane'}});
    await emulator.control('PUT', '/clock', {offset_ms: 10_000});
    await quickstart.signIn({launch_path: `/workspace/events/${body.event.id}`}, 'Event detail');
    await frame.getByRole('button', {name: 'Retry the delivery to HubSpot Marketing'}).click();
    await expect(frame.getByText('Attempt 2')).toBeVisible();
  });

  test('the embed app lets a resource session send an event of its resource', async ({
    quickstart,
  }) => {
    await quickstart.signIn(
      {session_type: 'resource', resource: 'project', resource_id: 'apollo', launch_page: 'events'},
      'Events',
    );
    const {frame} = quickstart;
    await frame.getByLabel('Event name').fill('task.reopened');
    await frame.getByLabel('Email').fill('ada@example.com');
    await frame.getByRole('button', {name: 'Send event'}).click();
    await expect(frame.getByRole('link', {name: 'task.reopened'})).toBeVisible();
  });

  test('the embed app connects by a redirect of the whole page, which leads back to the host page', async ({
    page,
    quickstart,
  }) => {
    await quickstart.emulator.control('PUT', '/embed', {oauth: 'redirect'});
    await quickstart.signIn({role: 'admin', launch_page: 'connections'}, 'Connections');
    await quickstart.frame.getByRole('button', {name: 'Connect Salesforce'}).click();
    await page.getByRole('button', {name: 'Allow'}).click();
    await expect(page.getByRole('heading', {name: 'Salesforce is connected'})).toBeVisible();
    await expect(page.getByRole('link', {name: 'Back to the app'})).toHaveAttribute(
      'href',
      quickstart.host.origin,
    );
  });

  test('the embed app says that a sandbox without top navigation prevents the redirect', async ({
    page,
    quickstart,
  }) => {
    quickstart.allow(/navigat/i);
    await quickstart.emulator.control('PUT', '/embed', {oauth: 'redirect'});
    await page.addInitScript(() => {
      addEventListener('DOMContentLoaded', () => {
        document
          .querySelector('iframe')
          ?.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms');
      });
    });
    await quickstart.signIn({role: 'admin', launch_page: 'connections'}, 'Connections');
    await quickstart.frame.getByRole('button', {name: 'Connect Salesforce'}).click();
    await expect(
      quickstart.frame.getByText('The host page does not allow this frame to open'),
    ).toBeVisible();
    await expect(quickstart.frame.getByRole('heading', {name: 'Connections'})).toBeVisible();
  });

  test('the embed app asks by confirm() before it removes a connection, if that is set', async ({
    page,
    quickstart,
  }) => {
    await quickstart.emulator.control('PUT', '/embed', {confirm: true});
    await quickstart.signIn({role: 'owner', launch_page: 'connections'}, 'Connections');
    const {frame} = quickstart;
    const cell = frame.getByRole('cell', {name: 'Data warehouse', exact: true});
    page.once('dialog', dialog => void dialog.dismiss());
    await frame.getByRole('button', {name: 'Remove Data warehouse'}).click();
    await expect(frame.getByText('Data warehouse was not removed.')).toBeVisible();
    page.once('dialog', dialog => void dialog.accept());
    await frame.getByRole('button', {name: 'Remove Data warehouse'}).click();
    await expect(cell).toHaveCount(0);
  });

  test('the embed app shows an event once it has arrived, and its deliveries as they happen', async ({
    quickstart,
  }) => {
    await quickstart.signIn({launch_page: 'events'}, 'Events');
    const {frame, emulator} = quickstart;
    await expect(frame.getByText('25 of 42')).toBeVisible();
    await emulator.send({event: 'order.placed', payload: {simulate: 'retry'}});
    const link = frame.getByRole('link', {name: 'order.placed'});
    await link.click();
    // It is "Retrying" for a moment, which a slow machine may not get to see.
    await expect(frame.getByText('Attempt 1')).toBeVisible();
    await expect(frame.getByText('Completed').first()).toBeVisible();
    await expect(frame.getByText('Attempt 3')).toBeVisible();
  });

  test('the embed app shows an event that arrives between its data and its first heartbeat', async ({
    quickstart,
  }) => {
    const {frame, emulator} = quickstart;
    const heartbeat = {route: 'GET /data/heartbeat', delay_ms: 2_000, count: 1};
    await emulator.control('POST', '/faults', heartbeat);
    await quickstart.signIn({launch_page: 'events'}, 'Events');
    await emulator.send({event: 'matches.no.rule', payload: {a: 1}});
    await expect(frame.getByRole('link', {name: 'matches.no.rule'})).toBeVisible();
  });

  test('the embed app opens an event whose deliveries end while the user clicks', async ({
    page,
    quickstart,
  }) => {
    await quickstart.signIn({launch_page: 'events'}, 'Events');
    const {frame, emulator} = quickstart;
    await emulator.send({event: 'order.placed', payload: {simulate: 'retry'}});
    // Its deliveries end when the test says so, and not before the row has been seen.
    await emulator.control('PUT', '/clock', {offset_ms: -600_000});
    const row = frame.getByRole('row').filter({hasText: 'order.placed'});
    await expect(row).toContainText('0 of 1 done');
    await row.getByRole('link', {name: 'order.placed'}).hover();
    await page.mouse.down();
    await emulator.control('PUT', '/clock', {offset_ms: 10_000});
    await expect(row).toContainText('Delivered');
    await page.mouse.up();
    await expect(frame.getByText('Attempt 3')).toBeVisible();
  });

  test('the embed app keeps the focus on a delivery while another one changes', async ({
    quickstart,
  }) => {
    await quickstart.signIn({launch_page: 'events'}, 'Events');
    const {frame, emulator} = quickstart;
    const payload = {email: 'ada@example.com', simulate: 'fail'};
    await emulator.send({event: 'contact.created', payload});
    await expect(frame.getByText('25 of 43')).toBeVisible();
    await frame.getByRole('link', {name: 'contact.created'}).first().click();
    await expect(frame.getByText('Attempt 3')).toHaveCount(2);
    const buttons = frame.getByRole('button', {name: /^Retry/});
    await buttons.last().focus();
    // Without moving the focus.
    await buttons.first().dispatchEvent('click');
    await expect(frame.getByText('Attempt 4')).toBeVisible();
    await expect(buttons.last()).toBeFocused();
  });

  test('the embed app filters the list of events without losing the focus', async ({
    quickstart,
  }) => {
    await quickstart.signIn({launch_page: 'events'}, 'Events');
    const {frame, emulator} = quickstart;
    const filter = frame.getByRole('searchbox', {name: 'Filter by name'});
    await filter.fill('deal');
    await expect(frame.getByRole('link', {name: 'deal.won'}).first()).toBeVisible();
    await expect(frame.getByRole('link', {name: 'contact.created'})).toHaveCount(0);
    await emulator.send({event: 'deal.lost', payload: {a: 1}});
    await expect(frame.getByRole('link', {name: 'deal.lost'})).toBeVisible();
    await expect(filter).toBeFocused();
    await expect(filter).toHaveValue('deal');
  });

  test('the embed app lets a member view pages but change nothing', async ({quickstart}) => {
    await quickstart.signIn({role: 'member', launch_page: 'rules'}, 'Rules');
    const {frame} = quickstart;
    await expect(
      frame.getByText('Your role can view rules, but cannot change them.'),
    ).toBeVisible();
    await expect(frame.getByRole('button', {name: 'Create rule'})).toHaveCount(0);
    await expect(frame.getByRole('button', {name: /Delete/})).toHaveCount(0);
    await frame.getByRole('link', {name: 'Connections'}).click();
    await expect(frame.getByText('Your role can view connections')).toBeVisible();
    await expect(frame.getByRole('button', {name: /Connect|Remove/})).toHaveCount(0);
  });

  test('the embed app lets an owner remove a connection', async ({quickstart}) => {
    await quickstart.signIn({role: 'owner', launch_page: 'connections'}, 'Connections');
    const {frame} = quickstart;
    await frame.getByRole('button', {name: 'Remove Data warehouse'}).click();
    await expect(frame.getByRole('cell', {name: 'Data warehouse', exact: true})).toHaveCount(0);
  });

  test('the embed app limits a resource session to its resource', async ({quickstart}) => {
    await quickstart.signIn(
      {session_type: 'resource', resource: 'project', resource_id: 'apollo', launch_page: 'events'},
      'Events',
    );
    const {frame} = quickstart;
    await expect(frame.getByText('project / apollo')).toBeVisible();
    await expect(frame.getByRole('navigation').getByRole('link')).toHaveText([
      'Dashboard',
      'Rules',
      'Events',
    ]);
    await expect(frame.getByRole('link', {name: 'task.done'}).first()).toBeVisible();
    await expect(frame.getByRole('link', {name: 'deal.won'})).toHaveCount(0);
  });

  test('the embed app shows a dashboard session only the dashboard, without links to other pages', async ({
    quickstart,
  }) => {
    await quickstart.signIn({session_type: 'dashboard', role: 'owner'});
    await expect(
      quickstart.frame.getByRole('cell', {name: 'contact.created'}).first(),
    ).toBeVisible();
    await expect(quickstart.frame.getByRole('link')).toHaveText(['Dashboard']);
  });

  test('the embed app shows an event payload only to an admin or owner with the scope for it', async ({
    quickstart,
  }) => {
    const {frame} = quickstart;
    const openDetail = async (fields: Record<string, string>) => {
      await quickstart.signIn({...fields, launch_page: 'events'}, 'Events');
      await frame.getByRole('link', {name: 'contact.created'}).first().click();
    };
    await openDetail({});
    await expect(frame.getByText('scope events.payload:read')).toBeVisible();
    await openDetail({role: 'member', scopes: 'events.payload:read'});
    await expect(frame.getByText('scope events.payload:read')).toBeVisible();
    await openDetail({scopes: 'events.payload:read'});
    await expect(frame.getByRole('region', {name: 'Payload'})).toContainText('@example.com');
  });

  test('the embed app says that the session has ended once it is revoked', async ({quickstart}) => {
    const id = await quickstart.signIn();
    await quickstart.emulator.call('DELETE', `/api/v1/sessions/${id}`);
    await expect.poll(() => quickstart.countOf('meshes:token-refresh')).toBe(1);
    await expect(quickstart.frame.getByRole('alert')).toContainText('Authentication required', {
      timeout: 15_000,
    });
    expect(await quickstart.countOf('meshes:token-expired')).toBe(1);
  });

  for (const scheme of ['light', 'dark'] as const) {
    test(`the embed app has no accessibility violations, ${scheme}`, async ({page, quickstart}) => {
      await page.emulateMedia({colorScheme: scheme, reducedMotion: 'reduce'});
      await quickstart.signIn({role: 'owner', scopes: 'events.payload:read'});
      const {frame} = quickstart;
      for (const name of [...allPages, 'Event detail']) {
        await frame.getByRole('link', {name, exact: true}).first().click();
        await expect(frame.getByRole('heading', {name, level: 1})).toBeVisible();
        await expect(frame.locator('main')).toHaveAttribute('aria-busy', 'false');
        const inner = page.frames()[1];
        await inner?.evaluate(axeSource);
        const violations = await inner?.evaluate(
          'axe.run().then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`))',
        );
        expect(violations, name).toEqual([]);
      }
    });
  }

  test('the embed app fits into 320 pixels on every page', async ({page, quickstart}) => {
    await page.setViewportSize({width: 320, height: 800});
    await quickstart.signIn({role: 'owner', scopes: 'events.payload:read'});
    const {frame} = quickstart;
    for (const name of [...allPages, 'Event detail']) {
      await frame.getByRole('link', {name, exact: true}).first().click();
      await expect(frame.getByRole('heading', {name, level: 1})).toBeVisible();
      const overflow = await frame
        .locator('html')
        .evaluate(root => root.scrollWidth - root.clientWidth);
      expect(overflow, name).toBe(0);
    }
  });
});
