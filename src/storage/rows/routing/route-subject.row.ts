import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What all engines know of one partner. */
@Entity('route_subject')
export class RouteSubjectRow {
  /** JSON in ASCII. */
  @PrimaryColumn({ type: 'varchar', length: 2048 })
  subject!: string;

  /** JSON. */
  @Column({ type: 'text' })
  circuit!: string;

  /** JSON. */
  @Column({ type: 'text' })
  latency!: string;

  /** Probes of the circuit that nobody has taken yet. */
  @Column({ type: 'int' })
  probes!: number;

  /** Of the epoch when it was written. */
  @Column({ type: 'bigint' })
  version!: number;
}
