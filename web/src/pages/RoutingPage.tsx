import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { rulesQuery } from '../api/queries.js';
import { Groups } from '../parts/routing/Groups.js';
import { Lanes } from '../parts/routing/Lanes.js';
import { Overrides } from '../parts/routing/overrides/Overrides.js';
import { Changes } from '../parts/routing/rules/Changes.js';
import { Explain } from '../parts/routing/rules/Explain.js';
import { Rules } from '../parts/routing/rules/Rules.js';
import { TryRules } from '../parts/routing/rules/TryRules.js';
import { Subjects } from '../parts/routing/Subjects.js';
import { Transitions } from '../parts/routing/Transitions.js';
import { Delays } from '../parts/routing/waiting/Delays.js';
import { PageHead } from '../parts/shell/PageHead.js';

const route = getRouteApi('/routing');

/** What the router goes by, what people tell it, what it would do, and what waits for its time. */
export function RoutingPage() {
  const { tab = 'now' } = route.useSearch();
  const navigate = route.useNavigate();
  const rules = useQuery(rulesQuery());
  const open = (value: string | null): void => {
    void navigate({ search: { tab: value === 'now' || value === null ? undefined : value }, replace: true });
  };
  return (
    <>
      <PageHead title="Routing" tab="Routing" />
      <section className="page">
        <Tabs value={tab} onChange={open} keepMounted={false} className="routing-tabs">
          <Tabs.List>
            <Tabs.Tab value="now">Now</Tabs.Tab>
            <Tabs.Tab value="rules">
              Rules{' '}
              {rules.data && <span className="dim num">{rules.data.rules.length + rules.data.overrides.length}</span>}
            </Tabs.Tab>
            <Tabs.Tab value="what-if">What if</Tabs.Tab>
            <Tabs.Tab value="delays">Delays</Tabs.Tab>
            <Tabs.Tab value="changes">Changes</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="now">
            <Groups />
            <Lanes />
            <Subjects />
            <Transitions />
          </Tabs.Panel>
          <Tabs.Panel value="rules">
            <Overrides />
            <Rules />
          </Tabs.Panel>
          <Tabs.Panel value="what-if">
            <Explain />
            <TryRules />
          </Tabs.Panel>
          <Tabs.Panel value="delays">
            <Delays />
          </Tabs.Panel>
          <Tabs.Panel value="changes">
            <Changes />
          </Tabs.Panel>
        </Tabs>
      </section>
    </>
  );
}
