import type {User} from '../visitors.js';
import type {Html} from './layout.js';
import {tablePage} from './table-page.js';

const CONTACTS = {
  mia: [
    ['Ada Lovelace', 'ada.lovelace@example.com', 'Customer', '2 hours ago'],
    ['Grace Hopper', 'grace.hopper@example.com', 'Customer', 'Yesterday'],
    ['Alan Turing', 'alan.turing@example.com', 'Lead', 'Yesterday'],
    ['Katherine Johnson', 'katherine.johnson@example.com', 'Customer', '3 days ago'],
    ['Lin Lanying', 'lin.lanying@example.com', 'Lead', 'Last week'],
  ],
  jonas: [
    ['Hedy Lamarr', 'hedy.lamarr@example.com', 'Lead', '20 minutes ago'],
    ['Tu Youyou', 'tu.youyou@example.com', 'Customer', 'Today'],
    ['Emmy Noether', 'emmy.noether@example.com', 'Customer', 'Last week'],
  ],
};

export const contactsPage = (user: User | null): Html =>
  tablePage({
    title: 'Contacts',
    path: '/contacts',
    user,
    intro: `Contacts of ${user?.company ?? ''}.`,
    columns: ['Name', 'Email', 'Kind', 'Last seen'],
    rows: CONTACTS[user?.account ?? 'mia'],
  });
