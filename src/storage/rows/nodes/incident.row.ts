import { Column, Entity, PrimaryColumn } from 'typeorm';
import { NodeKeyRow } from './node-key.row.js';

/** What a person must look at. `open_code` and `open_at` are NULL once it is closed, so that indexes hold open ones only. */
@Entity('incident')
export class IncidentRow extends NodeKeyRow {
  @PrimaryColumn({ type: 'bigint' })
  raised_at!: number;

  @Column({ type: 'varchar', length: 128 })
  code!: string;

  @Column({ type: 'text' })
  message!: string;

  @Column({ type: 'varchar', length: 128, nullable: true })
  open_code!: string | null;

  @Column({ type: 'bigint', nullable: true })
  open_at!: number | null;

  @Column({ type: 'text', nullable: true })
  resolved_by!: string | null;
}
