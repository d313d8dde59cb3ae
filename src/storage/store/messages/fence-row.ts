import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one participant of a `tcc` node has begun. */
@Entity('tcc_fence')
export class TccFenceRow {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  instance!: string;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  node!: string;

  @PrimaryColumn({ type: 'int' })
  visit!: number;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  participant!: string;

  /** `new`, tried, confirmed, cancelled, or empty: cancelled without having tried. */
  @Column({ type: 'varchar', length: 16 })
  state!: string;

  @Column({ type: 'bigint' })
  changed_at!: number;
}
