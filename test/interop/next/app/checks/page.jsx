'use client';

import {StrictMode, useState} from 'react';
import {Checks} from './Checks.jsx';

export default function Page() {
  const [mounted, setMounted] = useState(true);
  return (
    <StrictMode>
      <button id="mount" onClick={() => setMounted(true)}>
        mount
      </button>
      <button id="unmount" onClick={() => setMounted(false)}>
        unmount
      </button>
      {mounted && <Checks />}
    </StrictMode>
  );
}
