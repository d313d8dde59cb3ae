import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A message that could not be used. */
@Entity('quarantine')
export class QuarantineRow {
  /** UUIDv7. */
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 16 })
  source!: string;

  @Column({ type: 'varchar', length: 128 })
  code!: string;

  @Column({ type: 'text' })
  reason!: string;

  @Column({ type: 'text' })
  exchange!: string;

  @Column({ type: 'text' })
  routing_key!: string;

  /** JSON object. */
  @Column({ type: 'text' })
  headers!: string;

  @Column({ type: 'text' })
  body!: string;

  @Column({ type: 'varchar', length: 8 })
  encoding!: string;

  @Column({ type: 'bigint' })
  size!: number;

  @Column({ type: 'varchar', length: 64 })
  sha256!: string;

  @Column({ type: 'bigint' })
  kept_at!: number;

  /** `open`, `replayed` or `discarded`. */
  @Column({ type: 'varchar', length: 16 })
  state!: string;

  @Column({ type: 'int' })
  replays!: number;

  @Column({ type: 'text', nullable: true })
  handled_by!: string | null;

  @Column({ type: 'bigint', nullable: true })
  handled_at!: number | null;
}
