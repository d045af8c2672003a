/** The pages of the test: each shows one recipe, in an application as small as possible. */
import {StrictMode, useState} from 'react';
import {createRoot} from 'react-dom/client';
import {createBrowserRouter, Link, Outlet, RouterProvider} from 'react-router';
import {createApp} from 'vue';
import {createRouter, createWebHistory} from 'vue-router';
import {Integrations as KeptIntegrations} from './Activity.js';
import {Integrations} from './react-router.js';
import VueApp from './VueApp.vue';
import VueRouter from './VueRouter.vue';

const main = document.querySelector('main')!;

function ReactApp() {
  return (
    <>
      <Link to="/react-router?page=rules">Rules</Link> <Link to="/react-router/team">Team</Link>
      <Outlet />
    </>
  );
}

function Tabs() {
  const [tab, setTab] = useState('integrations');
  return (
    <>
      <button onClick={() => setTab('integrations')}>Integrations</button>
      <button onClick={() => setTab('team')}>Team</button>
      <KeptIntegrations shown={tab === 'integrations'} />
      {tab === 'team' && <h1>Team</h1>}
    </>
  );
}

const RECIPES: Record<string, () => unknown> = {
  'react-router'() {
    const router = createBrowserRouter([
      {
        path: '/react-router',
        element: <ReactApp />,
        children: [
          {index: true, element: <Integrations />},
          {path: 'team', element: <h1>Team</h1>},
        ],
      },
    ]);
    createRoot(main).render(
      <StrictMode>
        <RouterProvider router={router} />
      </StrictMode>,
    );
  },
  'vue-router'() {
    const router = createRouter({
      history: createWebHistory(),
      routes: [
        {path: '/vue-router', component: VueRouter},
        {path: '/vue-router/team', component: () => import('./Team.vue')},
      ],
    });
    createApp(VueApp).use(router).mount(main);
  },
  activity() {
    createRoot(main).render(<Tabs />);
  },
  plain: () => import('./plain.js'),
};

void RECIPES[location.pathname.split('/')[1]!]!();
