import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Empty } from '../small/Notes.js';

export function NotFound() {
  return (
    <Empty
      title="There is no such page"
      action={
        <Button renderRoot={(props) => <Link to="/" {...props} />} variant="default" mt="xs">
          All instances
        </Button>
      }
    >
      The address may be cut or mistyped.
    </Empty>
  );
}
