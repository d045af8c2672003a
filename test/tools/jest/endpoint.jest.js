/** @jest-environment node */
import {createMeshesServer} from 'meshes-workspace/server';

test('the endpoint answers 401 if nobody is signed in', async () => {
  const meshes = createMeshesServer({
    credentials: () => ({organizationId: '', accessKey: '', secretKey: ''}),
    authorize: () => null,
  });
  const request = new Request('https://app.example.com/api/meshes/session', {
    method: 'POST',
    headers: {'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin'},
    body: '{}',
  });
  expect((await meshes.handler(request)).status).toBe(401);
});
