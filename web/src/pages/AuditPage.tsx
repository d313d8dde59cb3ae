import { TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { auditQuery } from '../api/version-queries.js';
import { AuditRows } from '../parts/people/AuditTable.js';
import { PageHead } from '../parts/shell/PageHead.js';
import { Icon } from '../parts/small/Icon.js';
import { More } from '../parts/small/More.js';
import { Empty, Loading, Trouble } from '../parts/small/Notes.js';
import { Rows } from '../parts/small/Rows.js';

const route = getRouteApi('/audit');

/** Who did what, and who was refused. */
export function AuditPage() {
  const { who } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(auditQuery({ who }));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHead title="Audit" tab="Audit">
        <TextInput
          aria-label="Who"
          placeholder="Who"
          defaultValue={who ?? ''}
          leftSection={<Icon name="search" />}
          onKeyDown={({ key, currentTarget: { value } }) => {
            if (key === 'Enter') void navigate({ search: { who: value.trim() || undefined } });
          }}
        />
      </PageHead>
      <section className="page">
        {list.error && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
        {list.isPending && <Loading what="audit" />}
        {list.isSuccess && rows.length === 0 && (
          <Empty title={who ? `${who} has done nothing` : 'Nobody has done anything yet'}>
            Who retries, cancels, completes, publishes, activates, migrates or tells the router something appears here,
            and who was refused.
          </Empty>
        )}
        {rows.length > 0 && (
          <Rows minWidth={760} head={[['When', 120], ['Who', 150], 'What', ['To', 220], ['Came of it', 260]]}>
            <AuditRows rows={rows} />
          </Rows>
        )}
        <More list={list} />
      </section>
    </>
  );
}
