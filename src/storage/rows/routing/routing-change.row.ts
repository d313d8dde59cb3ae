import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who told the router what. The highest number tells engines whether there is anything new. */
@Entity('routing_change')
export class RoutingChangeRow {
  @PrimaryColumn({ type: 'bigint' })
  id!: number;

  @Column({ type: 'varchar', length: 32 })
  kind!: string;

  @Column({ type: 'varchar', length: 64 })
  ref!: string;

  @Column({ type: 'text', nullable: true })
  reason!: string | null;

  /** JSON object. */
  @Column({ type: 'text' })
  detail!: string;

  @Column({ type: 'text' })
  made_by!: string;

  @Column({ type: 'bigint' })
  made_at!: number;
}
