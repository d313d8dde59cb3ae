import { Table } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useAllowed } from '../../api/useAllowed.js';
import { auditQuery, flowVersionsQuery } from '../../api/version-queries.js';
import type { VersionsView } from '../../api/wire.js';
import { AuditRows } from '../people/AuditTable.js';
import { More } from '../small/More.js';
import { Loading, Trouble } from '../small/Notes.js';
import { NoRows, Sheet } from '../small/Sheet.js';
import { Ago } from '../small/Time.js';
import { ActivateButton } from './ActivateButton.js';
import { MigrateButton } from './MigrateButton.js';

/** The versions of a flow, which of them starts get, and who changed that. */
export function Versions({ flow, shown }: { readonly flow: string; readonly shown: number }) {
  const versions = useQuery(flowVersionsQuery(flow));
  const audit = useInfiniteQuery(auditQuery({ flow }));
  const deeds = audit.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="versions">
      {versions.error && <Trouble error={versions.error} onRetry={() => void versions.refetch()} />}
      {versions.isPending && <Loading what="versions" />}
      {versions.data && <VersionTable view={versions.data} shown={shown} />}
      {audit.error && <Trouble error={audit.error} onRetry={() => void audit.refetch()} />}
      <Sheet title="Who did what" head={[['When', 80], ['Who', 80], 'What', ['Came of it', 130]]} minWidth={420}>
        {audit.data && deeds.length === 0 && (
          <NoRows columns={4}>Nobody has done anything here over HTTP. What a folder publishes is not listed.</NoRows>
        )}
        <AuditRows rows={deeds} ofOneFlow />
      </Sheet>
      <More list={audit} />
    </div>
  );
}

function VersionTable({ view, shown }: { readonly view: VersionsView; readonly shown: number }) {
  const { flow, starts, activated, versions } = view;
  const { disabled, title } = useAllowed('deployer');
  return (
    <Sheet title="Versions" head={[['Version', 80], ['Published', 100], 'Starts', ['Do', 180]]} minWidth={420}>
      {versions.map(({ version, publishedAt }) => (
        <Table.Tr key={version} data-selected={version === shown}>
          <Table.Td>
            <Link
              to="/definitions/$flow"
              params={{ flow }}
              search={{ version, tab: 'versions' }}
              className="strong"
              aria-current={version === shown ? 'true' : undefined}
            >
              v{version}
            </Link>
          </Table.Td>
          <Table.Td>
            <Ago at={publishedAt} />
          </Table.Td>
          <Table.Td>
            {version === starts && (
              <>
                <span className="state" data-tone="ok">
                  starts get it
                </span>
                <div className="dim">
                  {activated ? (
                    <>
                      activated by {activated.by} <Ago at={activated.at} />
                    </>
                  ) : (
                    'it is the newest'
                  )}
                </div>
              </>
            )}
          </Table.Td>
          <Table.Td>
            <span className="buttons" title={title}>
              <ActivateButton flow={flow} version={version} starts={starts} disabled={disabled || version === starts} />
              <MigrateButton
                flow={flow}
                to={version}
                others={versions.map((one) => one.version).filter((one) => one !== version)}
                disabled={disabled || versions.length < 2}
              />
            </span>
          </Table.Td>
        </Table.Tr>
      ))}
    </Sheet>
  );
}
