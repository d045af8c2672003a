import type {User} from '../visitors.js';
import type {Html} from './layout.js';
import {tablePage} from './table-page.js';

const INVOICES = {
  mia: [
    ['LK-2041', 'Ada Lovelace', '€ 1,240.00', 'Paid'],
    ['LK-2040', 'Katherine Johnson', '€ 380.00', 'Open'],
    ['LK-2039', 'Grace Hopper', '€ 2,115.50', 'Paid'],
    ['LK-2038', 'Lin Lanying', '€ 95.00', 'Overdue'],
  ],
  jonas: [
    ['LK-0312', 'Tu Youyou', '€ 640.00', 'Open'],
    ['LK-0311', 'Emmy Noether', '€ 1,020.00', 'Paid'],
  ],
};

export const invoicesPage = (user: User | null): Html =>
  tablePage({
    title: 'Invoices',
    path: '/invoices',
    user,
    intro: `Invoices of ${user?.company ?? ''}.`,
    columns: ['Number', 'Contact', 'Amount', 'State'],
    rows: INVOICES[user?.account ?? 'mia'],
  });
