import { Column, Entity, PrimaryColumn } from 'typeorm';
import { NodeKeyRow } from './node-key.row.js';

/** An attempt that did not complete its node. */
@Entity('attempt')
export class AttemptRow extends NodeKeyRow {
  @PrimaryColumn({ type: 'int' })
  attempt!: number;

  @PrimaryColumn({ type: 'int' })
  poll!: number;

  @Column({ type: 'varchar', length: 16 })
  how!: string;

  /** JSON of a failure. */
  @Column({ type: 'text', nullable: true })
  error!: string | null;

  @Column({ type: 'text' })
  decision!: string;

  @Column({ type: 'varchar', length: 64, nullable: true })
  lane!: string | null;

  @Column({ type: 'bigint' })
  ended_at!: number;
}
