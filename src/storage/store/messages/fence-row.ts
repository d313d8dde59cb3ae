import { Column, Entity, PrimaryColumn } from 'typeorm';
import { NodeKeyRow } from '../../rows/nodes/node-key.row.js';

/** What one participant of a `tcc` node has begun. */
@Entity('tcc_fence')
export class TccFenceRow extends NodeKeyRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  participant!: string;

  /** `new`, tried, confirmed, cancelled, or empty: cancelled without having tried. */
  @Column({ type: 'varchar', length: 16 })
  state!: string;

  @Column({ type: 'bigint' })
  changed_at!: number;
}
