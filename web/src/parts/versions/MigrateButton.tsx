import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { MigrateForm } from './MigrateForm.js';

interface Props {
  readonly flow: string;
  readonly to: number;
  /** The other versions, newest first. */
  readonly others: readonly number[];
  readonly disabled: boolean;
}

/** Opens what moves living instances to a version. */
export function MigrateButton({ flow, to, others, disabled }: Props) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={open} disabled={disabled}>
        Migrate<span className="sr"> to v{to}</span>…
      </Button>
      <Modal opened={opened} onClose={close} title={`Let instances of ${flow} go on in v${to}`} size="lg">
        <MigrateForm flow={flow} to={to} others={others} onClose={close} />
      </Modal>
    </>
  );
}
