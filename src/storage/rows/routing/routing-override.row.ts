import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An override in force; one that has ended is deleted with the next change. */
@Entity('routing_override')
export class RoutingOverrideRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  code!: string;

  @Column({ type: 'bigint' })
  until_at!: number;

  /** JSON of all of it. */
  @Column({ type: 'text' })
  override!: string;

  @Column({ type: 'text' })
  made_by!: string;

  @Column({ type: 'bigint' })
  made_at!: number;
}
