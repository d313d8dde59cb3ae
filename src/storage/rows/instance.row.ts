import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One run of a definition. The row is the lock of everything in it, and is written only when it changes. */
@Entity('instance')
export class InstanceRow {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 64 })
  flow!: string;

  @Column({ type: 'int' })
  version!: number;

  @Column({ type: 'varchar', length: 1024, nullable: true })
  business_key!: string | null;

  @Column({ type: 'varchar', length: 16 })
  status!: string;

  @Column({ type: 'bigint' })
  seq!: number;

  @Column({ type: 'int' })
  active!: number;

  @Column({ type: 'int' })
  incidents!: number;

  @Column({ type: 'varchar', length: 255, nullable: true })
  outcome!: string | null;

  /** JSON: arrivals, absorbing joins, visits, facts. */
  @Column({ type: 'text' })
  state!: string;

  @Column({ type: 'bigint' })
  started_at!: number;

  @Column({ type: 'bigint', nullable: true })
  ended_at!: number | null;
}
