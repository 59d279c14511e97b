import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

import { speak } from '../app/words.ts';

await speak('ja');
afterEach(cleanup);
