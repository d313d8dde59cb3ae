import { Button, Checkbox, Table, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { tasksQuery } from '../api/queries.js';
import type { TaskRow } from '../api/wire.js';
import { PageHead } from '../parts/shell/PageHead.js';
import { Icon } from '../parts/small/Icon.js';
import { More } from '../parts/small/More.js';
import { Empty, Loading, Trouble } from '../parts/small/Notes.js';
import { Rows } from '../parts/small/Rows.js';
import { Ago } from '../parts/small/Time.js';
import { TaskForm, type TaskPlace } from '../parts/tasks/TaskForm.js';

/** What people are asked to do. */
export function TasksPage() {
  const { assignee, mine = false } = useSearch({ from: '/tasks' });
  const navigate = useNavigate();
  const list = useInfiniteQuery(tasksQuery(assignee, mine));
  const [place, setPlace] = useState<TaskPlace | null>(null);
  const [opened, { open, close }] = useDisclosure(false);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const show = (row: TaskRow): void => {
    setPlace(row);
    open();
  };
  return (
    <>
      <PageHead title="Tasks" tab="Tasks">
        <TextInput
          aria-label="Assignee"
          placeholder="Assignee"
          defaultValue={assignee ?? ''}
          leftSection={<Icon name="search" />}
          onKeyDown={({ key, currentTarget: { value } }) => {
            if (key === 'Enter')
              void navigate({ to: '/tasks', search: (known) => ({ ...known, assignee: value.trim() || undefined }) });
          }}
        />
        <Checkbox
          size="xs"
          label="Only what I may complete"
          checked={mine}
          onChange={({ currentTarget: { checked } }) =>
            void navigate({
              to: '/tasks',
              search: (known) => ({ ...known, mine: checked || undefined }),
              replace: true,
            })
          }
        />
      </PageHead>
      <section className="page">
        {list.error && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
        {list.isPending && <Loading what="tasks" />}
        {list.isSuccess && rows.length === 0 && (
          <Empty
            title={
              assignee ? `Nothing is for ${assignee}` : mine ? 'Nothing is for you' : 'Nobody is asked for anything'
            }
          >
            What a flow waits for a person to do appears here, with its form.
          </Empty>
        )}
        {rows.length > 0 && <TaskTable rows={rows} onOpen={show} />}
        <More list={list} />
      </section>
      <TaskForm place={place} opened={opened} onClose={close} />
    </>
  );
}

interface TableProps {
  readonly rows: readonly TaskRow[];
  readonly onOpen: (row: TaskRow) => void;
}

function TaskTable({ rows, onOpen }: TableProps) {
  return (
    <Rows
      minWidth={820}
      head={['Task', ['For', 150], ['Instance', 170], ['Flow', 170], ['Since', 100], ['Due', 120], ['', 110]]}
    >
      {rows.map((row) => (
        <Table.Tr key={`${row.instance}.${row.node}.${row.visit}`}>
          <Table.Td title={row.node}>
            <div className="clip">{row.title}</div>
          </Table.Td>
          <Table.Td>{row.assignee ?? <span className="dim">anybody</span>}</Table.Td>
          <Table.Td>
            <Link to="/instances/$id" params={{ id: row.instance }} search={{ node: row.node }} className="strong">
              {row.key ?? `…${row.instance.slice(-10)}`}
            </Link>
          </Table.Td>
          <Table.Td>{row.flow}</Table.Td>
          <Table.Td>
            <Ago at={row.openedAt} />
          </Table.Td>
          <Table.Td>
            <Due row={row} />
          </Table.Td>
          <Table.Td ta="right">
            <Button variant="default" onClick={() => onOpen(row)}>
              Complete…
            </Button>
          </Table.Td>
        </Table.Tr>
      ))}
    </Rows>
  );
}

function Due({ row: { dueAt, overdue } }: { readonly row: TaskRow }) {
  if (dueAt === null) return <span className="dim">–</span>;
  if (!overdue) return <Ago at={dueAt} />;
  return (
    <span className="state" data-tone="warn">
      <Icon name="clock" size={12} /> <Ago at={dueAt} />
    </span>
  );
}
