import { AppShell, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { meQuery } from '../../api/queries.js';
import { currentToken, onToken } from '../../api/session.js';
import { Icon, type IconName } from '../small/Icon.js';
import { LiveDot } from './LiveDot.js';
import { SchemeToggle } from './SchemeToggle.js';
import { TokenPrompt } from './TokenPrompt.js';

const ROOMS: readonly { to: string; label: string; icon: IconName; owns: (path: string) => boolean }[] = [
  { to: '/', label: 'Instances', icon: 'list', owns: (path) => path === '/' || path.startsWith('/instances') },
  { to: '/incidents', label: 'Incidents', icon: 'alert', owns: (path) => path.startsWith('/incidents') },
  { to: '/tasks', label: 'Tasks', icon: 'person', owns: (path) => path.startsWith('/tasks') },
  { to: '/routing', label: 'Routing', icon: 'turn', owns: (path) => path.startsWith('/routing') },
  { to: '/plays', label: 'Plays', icon: 'play', owns: (path) => path.startsWith('/plays') },
  { to: '/triggers', label: 'Triggers', icon: 'start', owns: (path) => path.startsWith('/triggers') },
  {
    to: '/definitions',
    label: 'Definitions',
    icon: 'flow',
    owns: (path) => path.startsWith('/definitions') || path === '/edit',
  },
  { to: '/audit', label: 'Audit', icon: 'clock', owns: (path) => path.startsWith('/audit') },
];

/** The frame around every page; asks for a token when there is none. */
export function Shell() {
  const token = useSyncExternalStore(onToken, currentToken);
  return token ? <Frame /> : <TokenPrompt />;
}

function Frame() {
  const [open, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  return (
    <AppShell
      navbar={{ width: 196, breakpoint: 'sm', collapsed: { mobile: !open } }}
      header={{ height: { base: 44, sm: 0 } }}
      padding={0}
    >
      <AppShell.Header hiddenFrom="sm">
        <Group h="100%" px="sm" gap="sm">
          <Burger opened={open} onClick={toggle} size="sm" aria-label="Navigation" />
          <Brand />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className="nav" aria-label="Rooms">
        <div className="nav-brand">
          <Brand />
        </div>
        {ROOMS.map((room) => (
          <NavLink
            key={room.to}
            renderRoot={(props) => <Link to={room.to} {...props} />}
            label={room.label}
            leftSection={<Icon name={room.icon} size={15} />}
            active={room.owns(pathname)}
            aria-current={room.owns(pathname) ? 'page' : undefined}
            onClick={close}
          />
        ))}
        <div className="nav-foot">
          <LiveDot />
          <Group justify="space-between" wrap="nowrap" gap={4}>
            <Engine />
            <SchemeToggle />
          </Group>
        </div>
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

function Brand() {
  return (
    <Link to="/" className="brand" aria-label="Sluice, all instances">
      <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" className="brand-tile" />
        <path
          d="M6 12c3.3-3 6.700-3 10 0s6.700 3 10 0M6 20c3.300-3 6.700-3 10 0s6.700 3 10 0"
          fill="none"
          stroke="#fff"
          strokeWidth="3"
          strokeLinecap="round"
        />
      </svg>
      <span>Sluice</span>
    </Link>
  );
}

function Engine() {
  const { data } = useQuery(meQuery());
  if (!data) return <span />;
  return (
    <Text size="xs" c="dimmed" truncate title={`signed in as ${data.name}: ${data.roles.join(', ')}`}>
      {data.engine.mode} · {data.engine.version}
    </Text>
  );
}
