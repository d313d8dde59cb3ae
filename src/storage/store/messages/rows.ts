import { Column, Entity, PrimaryColumn } from 'typeorm';
import { NodeKeyRow } from '../../rows/nodes/node-key.row.js';

/** A node instance that waits for a message; there as long as it waits. */
@Entity('wait')
export class WaitRow extends NodeKeyRow {
  /** Of the message's name and one member: what it is found by. */
  @Column({ type: 'varchar', length: 43 })
  hash!: string;

  @Column({ type: 'varchar', length: 64 })
  flow!: string;

  @Column({ type: 'int' })
  version!: number;

  @Column({ type: 'varchar', length: 255 })
  name!: string;

  /** JSON of the members and what each must be equal to. */
  @Column({ type: 'text' })
  matching!: string;

  @Column({ type: 'bigint', nullable: true })
  keep_ms!: number | null;

  @Column({ type: 'bigint' })
  opened_at!: number;
}

/** A message, kept until its time is over. */
@Entity('message')
export class MessageRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  id!: string;

  @Column({ type: 'varchar', length: 255 })
  name!: string;

  /** JSON. */
  @Column({ type: 'text' })
  payload!: string;

  /** open, claimed or taken. */
  @Column({ type: 'varchar', length: 16 })
  state!: string;

  @Column({ type: 'bigint' })
  received_at!: number;

  @Column({ type: 'bigint' })
  expires_at!: number;

  /** JSON of the wait that has it. */
  @Column({ type: 'text', nullable: true })
  claimed_by!: string | null;

  @Column({ type: 'bigint', nullable: true })
  claimed_at!: number | null;
}

/** What a message is found by, as long as nobody has taken it. */
@Entity('message_key')
export class MessageKeyRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  message!: string;

  @PrimaryColumn({ type: 'varchar', length: 43 })
  hash!: string;
}

/** Word of one instance to another, till it is heard. */
@Entity('instance_signal')
export class SignalRow {
  @PrimaryColumn({ type: 'varchar', length: 190 })
  id!: string;

  @Column({ type: 'bigint' })
  wake_at!: number;

  /** JSON. */
  @Column({ type: 'text' })
  body!: string;
}
