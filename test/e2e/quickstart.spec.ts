import {expect, heights, test} from '../emulator/quickstart-test.js';
import {frameHasData} from '../support/frame-has-data.js';

test.describe('the published quickstart code on a page of another site', () => {
  test('the quickstart code signs in with one meshes:ready and no console message', async ({
    page,
    quickstart,
  }) => {
    await quickstart.signIn();
    expect(await quickstart.countOf('meshes:ready')).toBe(1);
    expect((await quickstart.messages())[0]).toEqual({type: 'meshes:ready'});
    const types = new Set((await quickstart.messages()).map(({type}) => type));
    expect([...types].sort()).toEqual(['meshes:ready', 'meshes:resize']);
    const [, frame] = page.frames();
    expect(frame?.url()).toBe(`${quickstart.emulator.embedOrigin}/workspace/dashboard`);
  });

  test('the quickstart code sets the height of the content, and the height stays stable', async ({
    page,
    quickstart,
  }) => {
    await quickstart.signIn();
    await quickstart.frame.getByRole('link', {name: 'Events'}).click();
    await expect(quickstart.frame.getByRole('heading', {name: 'Events', level: 1})).toBeVisible();
    await expect
      .poll(async () => {
        const {frame, content} = await heights(page);
        return content > 1000 && Math.abs(frame - content) < 1;
      })
      .toBe(true);
    const sent = await quickstart.countOf('meshes:resize');
    // A frame that is far too high changes nothing: the height is the content's own.
    await page.locator('iframe').evaluate(iframe => (iframe.style.height = '5000px'));
    await quickstart.frame.getByRole('button', {name: 'Show more'}).click();
    await expect(quickstart.frame.getByText('42 of 42')).toBeVisible();
    await expect.poll(() => quickstart.countOf('meshes:resize')).toBe(sent + 1);
    const {frame, content} = await heights(page);
    expect(Math.abs(frame - content)).toBeLessThan(1);
  });

  test('the quickstart code receives a message for each page that the user opens, Back included', async ({
    page,
    quickstart,
  }) => {
    await quickstart.signIn();
    const {frame} = quickstart;
    for (const name of ['Connections', 'Mappings', 'Rules', 'Events']) {
      await frame.getByRole('link', {name}).click();
      await expect(frame.getByRole('heading', {name, level: 1})).toBeVisible();
    }
    await frame.getByRole('link', {name: 'Event detail'}).first().click();
    await expect(frame.getByRole('heading', {name: 'Event detail', level: 1})).toBeVisible();
    await page.evaluate('history.back()');
    await expect(frame.getByRole('heading', {name: 'Events', level: 1})).toBeVisible();
    const paths = (await quickstart.messages())
      .filter(({type}) => type === 'meshes:navigate')
      .map(({path}) => path);
    expect(paths.slice(0, 4)).toEqual([
      '/workspace/connections',
      '/workspace/mappings',
      '/workspace/rules',
      '/workspace/events',
    ]);
    expect(paths[4]).toMatch(/^\/workspace\/events\/[\w-]+$/);
    expect(paths[5]).toBe('/workspace/events');
    expect(paths).toHaveLength(6);
  });

  test('the quickstart code refreshes each token before it expires, without a 401', async ({
    page,
    quickstart,
  }) => {
    const {emulator} = quickstart;
    await emulator.control('PUT', '/lifetimes', {access_token_seconds: 60});
    await page.clock.install();
    const id = await quickstart.signIn();
    const state = async () => (await emulator.control('GET', `/state?session_id=${id}`)).body;
    for (const count of [1, 2, 3]) {
      // Past the time of a refresh, with 10 seconds left, in the emulator and in the page with its frame.
      await emulator.control('PUT', '/clock', {offset_ms: count * 50_000});
      await page.clock.fastForward(50_000);
      await expect
        .poll(async () => (await state()).requests['GET /data/session'][200])
        .toBe(1 + count);
      await frameHasData(page, 'iframe');
      expect(await quickstart.countOf('meshes:token-refresh')).toBe(count);
    }
    expect(await quickstart.countOf('meshes:token-expired')).toBe(0);
    const {sessions, requests} = await state();
    expect(sessions[0].is_expired).toBe(false);
    expect(requests['GET /data/session'][401]).toBeUndefined();
  });

  test('the quickstart code recovers from a stale token, and the request with the 401 succeeds', async ({
    quickstart,
  }) => {
    quickstart.allow(/401/);
    const id = await quickstart.signIn();
    await quickstart.emulator.call('POST', `/api/v1/sessions/${id}/refresh`);
    await quickstart.frame.getByRole('link', {name: 'Rules'}).click();
    await expect(quickstart.frame.getByText('Sync contacts to HubSpot')).toBeVisible();
    expect(await quickstart.countOf('meshes:token-refresh')).toBe(1);
    expect(quickstart.host.refreshes()).toBeGreaterThan(0);
  });

  test('the quickstart code recovers from a stale token without any use of the frame', async ({
    quickstart,
  }) => {
    quickstart.allow(/401/);
    const id = await quickstart.signIn();
    await quickstart.emulator.call('POST', `/api/v1/sessions/${id}/refresh`);
    await expect.poll(() => quickstart.countOf('meshes:token-refresh')).toBe(1);
    await quickstart.emulator.send({event: 'after.recovery', payload: {a: 1}});
    await expect(quickstart.frame.getByRole('link', {name: 'after.recovery'})).toBeVisible();
  });

  test('the quickstart code refreshes a token that expires now, without an error', async ({
    quickstart,
  }) => {
    const id = await quickstart.signIn();
    await quickstart.emulator.control('POST', '/sessions/expire', {session_id: id});
    await expect.poll(() => quickstart.countOf('meshes:token-refresh')).toBe(1);
    await quickstart.emulator.send({event: 'after.expiry', payload: {a: 1}});
    await expect(quickstart.frame.getByRole('link', {name: 'after.expiry'})).toBeVisible();
    expect(await quickstart.countOf('meshes:token-expired')).toBe(0);
  });

  test('the quickstart code receives meshes:token-expired once if no token comes, and keeps the frame', async ({
    quickstart,
  }) => {
    await quickstart.emulator.control('PUT', '/lifetimes', {access_token_seconds: 4});
    await quickstart.emulator.control('POST', '/faults', {
      route: 'POST /api/v1/sessions/:sessionId/refresh',
      status: 500,
    });
    await quickstart.signIn();
    await expect(quickstart.frame.getByRole('alert')).toContainText('Authentication required', {
      timeout: 10_000,
    });
    expect(await quickstart.countOf('meshes:token-expired')).toBe(1);
    await expect(quickstart.frame.getByRole('heading', {name: 'Dashboard'})).toBeVisible();
  });
});
