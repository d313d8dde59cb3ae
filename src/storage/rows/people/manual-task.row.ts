import { Column, Entity } from 'typeorm';
import { NodeKeyRow } from '../nodes/node-key.row.js';

/** What a person is asked to do; there as long as it is to be done. */
@Entity('manual_task')
export class ManualTaskRow extends NodeKeyRow {
  @Column({ type: 'varchar', length: 64 })
  flow!: string;

  @Column({ type: 'int' })
  version!: number;

  @Column({ type: 'varchar', length: 190, nullable: true })
  assignee!: string | null;

  /** JSON of what the person is shown. */
  @Column({ type: 'text', nullable: true })
  shown!: string | null;

  @Column({ type: 'bigint' })
  opened_at!: number;

  @Column({ type: 'bigint', nullable: true })
  due_at!: number | null;

  @Column({ type: 'bigint', nullable: true })
  expires_at!: number | null;
}
