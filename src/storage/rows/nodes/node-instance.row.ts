import { Column, Entity } from 'typeorm';
import { NodeKeyRow } from './node-key.row.js';

/** One visit to a node: its state, its dispatch, and (once done) its output. */
@Entity('node_instance')
export class NodeInstanceRow extends NodeKeyRow {
  @Column({ type: 'varchar', length: 16 })
  status!: string;

  @Column({ type: 'int' })
  attempt!: number;

  @Column({ type: 'int' })
  dispatch!: number;

  @Column({ type: 'varchar', length: 64, nullable: true })
  lane!: string | null;

  /** Physical queue; 0 = the database timer; -1 = leased; NULL = unwatched. */
  @Column({ type: 'int', nullable: true })
  queue!: number | null;

  /** When it is due on its queue. */
  @Column({ type: 'bigint', nullable: true })
  wake_at!: number | null;

  @Column({ type: 'text', nullable: true })
  reason!: string | null;

  @Column({ type: 'int' })
  polls!: number;

  /** Edge indexes, comma-separated. */
  @Column({ type: 'text' })
  via!: string;

  @Column({ type: 'varchar', length: 64, nullable: true })
  cause_node!: string | null;

  @Column({ type: 'int', nullable: true })
  cause_visit!: number | null;

  @Column({ type: 'bigint' })
  started_at!: number;

  @Column({ type: 'bigint', nullable: true })
  ended_at!: number | null;

  /** JSON of a failure. */
  @Column({ type: 'text', nullable: true })
  error!: string | null;

  /** JSON; NULL until there is one. Not read with the row unless asked for. */
  @Column({ type: 'text', nullable: true, select: false })
  output!: string | null;

  /** JSON of a receipt: why it went there, when there is more to say than the reason. */
  @Column({ type: 'text', nullable: true })
  receipt!: string | null;
}
