import { Button } from '@mantine/core';
import { useState } from 'react';
import { Icon } from '../small/Icon.js';
import { TaskForm, type TaskPlace } from './TaskForm.js';

/** Opens the form of a manual node that waits. */
export function CompleteButton({ place: { instance, node, visit } }: { readonly place: TaskPlace }) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="default" leftSection={<Icon name="person" />} onClick={() => setOpened(true)}>
        Complete…
      </Button>
      <TaskForm place={{ instance, node, visit }} opened={opened} onClose={() => setOpened(false)} />
    </>
  );
}
