import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A lane that rules have named. Its row stays when it is gone, so that its number is never another's. */
@Entity('routing_lane')
export class RoutingLaneRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  name!: string;

  /** As in `node_instance.queue`. */
  @Column({ type: 'int' })
  number!: number;

  /** Messages that each engine has in hand at once. */
  @Column({ type: 'int' })
  concurrency!: number;

  @Column({ type: 'varchar', length: 16 })
  state!: string;

  /** When an engine last had a rule that names it. */
  @Column({ type: 'bigint' })
  wanted_at!: number;

  /** When it came into its state. */
  @Column({ type: 'bigint' })
  changed_at!: number;
}
