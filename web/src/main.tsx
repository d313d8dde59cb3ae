import '@mantine/core/styles.css';
import './styles/app.css';
import './styles/tables.css';
import './styles/rooms.css';
import './styles/routing.css';
import './styles/tones.css';
import './styles/graph.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { live } from './api/live.js';
import { keepFresh } from './api/patching.js';
import { shouldRetry } from './api/queries.js';
import { onToken, openSession } from './api/session.js';
import { makeRouter } from './router.js';
import { theme } from './theme.js';

openSession();

const client = new QueryClient({
  defaultOptions: { queries: { retry: shouldRetry, staleTime: 5_000, refetchOnWindowFocus: true } },
});
const router = makeRouter();
keepFresh(client);
live.open();
// What one token could read says nothing about what the next one may.
onToken(() => client.clear());

const root = document.getElementById('root');
if (!root) throw new Error('Expected an element #root in index.html, but there is none.');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
