import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app.tsx';
import { displayKept } from './display.ts';
import './styles.css';
import { registerWorker } from './worker.ts';
import { speak } from './words.ts';

const display = displayKept();
await speak(display.language);
createRoot(document.getElementById('portal')!).render(
  <StrictMode>
    <App display={display} />
  </StrictMode>,
);
void registerWorker();
