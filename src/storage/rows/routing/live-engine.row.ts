import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An engine that has announced itself. */
@Entity('live_engine')
export class LiveEngineRow {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  engine!: string;

  @Column({ type: 'varchar', length: 32 })
  group_name!: string;

  /** Rises with each change of its handlers. */
  @Column({ type: 'int' })
  revision!: number;

  /** Till when it counts as being up. */
  @Column({ type: 'bigint' })
  up_until!: number;

  /** JSON: the names of its handlers. */
  @Column({ type: 'text' })
  handlers!: string;
}
