import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { countOf, parseSearch, stringifySearch, textOf } from './model/search.js';
import { AuditPage } from './pages/AuditPage.js';
import { DefinitionPage } from './pages/DefinitionPage.js';
import { DefinitionsPage } from './pages/DefinitionsPage.js';
import { EditPage } from './pages/EditPage.js';
import { IncidentsPage } from './pages/IncidentsPage.js';
import { InstancePage } from './pages/InstancePage.js';
import { InstancesPage } from './pages/InstancesPage.js';
import { PlayPage } from './pages/PlayPage.js';
import { PlaysPage } from './pages/PlaysPage.js';
import { RoutingPage } from './pages/RoutingPage.js';
import { TasksPage } from './pages/TasksPage.js';
import { TriggersPage } from './pages/TriggersPage.js';
import { Broken } from './parts/shell/Broken.js';
import { NotFound } from './parts/shell/NotFound.js';
import { Shell } from './parts/shell/Shell.js';

/** Filters of the instance list. */
export interface ListSearch {
  flow?: string | undefined;
  status?: string | undefined;
  key?: string | undefined;
  play?: string | undefined;
}

/** What is open on the instance page: a node with one of its visits, and a tab. */
export interface InstanceSearch {
  node?: string | undefined;
  visit?: number | undefined;
  tab?: string | undefined;
}

/** Whose tasks are listed: of one assignee, or those that whoever has this token may complete. */
export interface TasksSearch {
  assignee?: string | undefined;
  mine?: boolean | undefined;
}

/** What is open on the page of a definition: a version, and a tab beside the graph. */
export interface DefinitionSearch {
  version?: number | undefined;
  tab?: string | undefined;
}

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const instances = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: InstancesPage,
  validateSearch: (raw: Record<string, unknown>): ListSearch => ({
    flow: textOf(raw['flow']),
    status: textOf(raw['status']),
    key: textOf(raw['key']),
    play: textOf(raw['play']),
  }),
});

const instance = createRoute({
  getParentRoute: () => rootRoute,
  path: '/instances/$id',
  component: InstancePage,
  validateSearch: (raw: Record<string, unknown>): InstanceSearch => ({
    node: textOf(raw['node']),
    visit: countOf(raw['visit']),
    tab: textOf(raw['tab']),
  }),
});

const definitions = createRoute({ getParentRoute: () => rootRoute, path: '/definitions', component: DefinitionsPage });

const definition = createRoute({
  getParentRoute: () => rootRoute,
  path: '/definitions/$flow',
  component: DefinitionPage,
  validateSearch: (raw: Record<string, unknown>): DefinitionSearch => ({
    version: countOf(raw['version']),
    tab: textOf(raw['tab']),
  }),
});

const incidents = createRoute({ getParentRoute: () => rootRoute, path: '/incidents', component: IncidentsPage });

const routing = createRoute({
  getParentRoute: () => rootRoute,
  path: '/routing',
  component: RoutingPage,
  validateSearch: (raw: Record<string, unknown>): { tab?: string | undefined } => ({ tab: textOf(raw['tab']) }),
});

const tasks = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tasks',
  component: TasksPage,
  validateSearch: (raw: Record<string, unknown>): TasksSearch => ({
    assignee: textOf(raw['assignee']),
    mine: raw['mine'] === true || raw['mine'] === 'true' ? true : undefined,
  }),
});

const audit = createRoute({
  getParentRoute: () => rootRoute,
  path: '/audit',
  component: AuditPage,
  validateSearch: (raw: Record<string, unknown>): { who?: string | undefined } => ({ who: textOf(raw['who']) }),
});

const edit = createRoute({
  getParentRoute: () => rootRoute,
  path: '/edit',
  component: EditPage,
  validateSearch: (raw: Record<string, unknown>): { flow?: string | undefined } => ({ flow: textOf(raw['flow']) }),
});
const plays = createRoute({ getParentRoute: () => rootRoute, path: '/plays', component: PlaysPage });

const play = createRoute({ getParentRoute: () => rootRoute, path: '/plays/$code', component: PlayPage });

const triggers = createRoute({ getParentRoute: () => rootRoute, path: '/triggers', component: TriggersPage });

export const makeRouter = () =>
  createRouter({
    routeTree: rootRoute.addChildren([
      instances,
      instance,
      definitions,
      definition,
      incidents,
      tasks,
      plays,
      play,
      triggers,
      routing,
      audit,
      edit,
    ]),
    parseSearch,
    stringifySearch,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: Broken,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
