import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Places of one limit that an engine holds; under the engine '' what all have in common. */
@Entity('routing_limit')
export class RoutingLimitRow {
  /** JSON in ASCII. */
  @PrimaryColumn({ type: 'varchar', length: 1024 })
  limit_key!: string;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  engine!: string;

  @Column({ type: 'int' })
  held!: number;

  /** Till when they count without a word of it. Under '': when somebody last asked. */
  @Column({ type: 'bigint' })
  until_at!: number;

  /** Under '': when the next one would be in time, in microseconds. */
  @Column({ type: 'bigint' })
  next_at!: number;
}
